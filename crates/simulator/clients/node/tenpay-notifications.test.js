import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { NotifyServer } from './notify-server.js';
import { control, notificationsOf, number, openid, pay, resetSimulator, until } from './simulator.js';
import { client, receiver, SIGN_TYPES } from './tenpay.js';

const accepted = { pay: [], refund: [] };
const api = client();
let payments, refunds;

before(async () => {
  payments = await NotifyServer.start(receiver(api, 'pay', accepted.pay));
  refunds = await NotifyServer.start(receiver(api, 'refund', accepted.refund));
});
beforeEach(resetSimulator);
after(async () => {
  await resetSimulator();
  await payments.stop();
  await refunds.stop();
});

async function paid(more) {
  const out_trade_no = number();
  const notify_url = payments.url;
  await api.unifiedOrder({ out_trade_no, body: '测试', total_fee: 1990, openid, notify_url, ...more });
  await pay({ out_trade_no });
  return out_trade_no;
}

const acknowledged = out_trade_no =>
  until(async () => (await notificationsOf(out_trade_no)).every(each => each.acknowledged), 'the acknowledgement');

// every third payment has a coupon, every fourth an undocumented field, every second its sign_type
test('payment notifications with any fields are accepted', async () => {
  for (let n = 0; n < 12; n++) {
    const attach = `第${n}单 <&>"'`;
    const out_trade_no = await paid({ attach });
    await acknowledged(out_trade_no);
    const received = accepted.pay.find(each => each.out_trade_no === out_trade_no);
    assert.equal(received.total_fee, '1990');
    assert.equal(received.attach, attach);
    assert.equal(received.openid, openid);
  }
  assert.ok(accepted.pay.some(each => each.coupon_fee));
  assert.ok(accepted.pay.some(each => each.sign_type));
});

// this client uses MD5 if sign_type is missing, so it accepts HMAC-SHA256 only if sign_type is present
test('a payment with HMAC-SHA256 is accepted if it contains its sign_type', async () => {
  const seen = [];
  for (let n = 0; n < 4; n++) {
    const out_trade_no = await paid({ sign_type: 'HMAC-SHA256' });
    const [received] = await until(
      () => [payments.received.filter(({ body }) => body.includes(out_trade_no))].find(found => found.length),
      'the notification',
    );
    const named = received.body.includes('sign_type');
    seen.push(named);
    assert.equal(accepted.pay.some(each => each.out_trade_no === out_trade_no), named);
  }
  assert.deepEqual([...new Set(seen)].sort(), [false, true]);
});

for (const tamper of ['sign', 'no_sign', 'no_return_code', 'total_fee', 'out_trade_no', 'truncate', 'empty', 'not_xml',
  'signed_appid', 'signed_mch_id']) {
  test(`a tampered payment notification is refused: ${tamper}`, async () => {
    await control('notifications', { tamper: { kind: tamper, times: 1 } });
    const from = payments.received.length;
    const already = accepted.pay.length;
    const out_trade_no = await paid();
    await until(() => payments.received.length > from, 'the notification');
    assert.equal(accepted.pay.length, already);
    assert.match(payments.received[from].answered, /FAIL/);
    // the retry schedule delivers the genuine notification
    await control('clock', { advance_s: 16 });
    await acknowledged(out_trade_no);
    assert.equal(accepted.pay.at(-1).out_trade_no, out_trade_no);
  });
}

for (const [outcome, status] of [['success', 'SUCCESS'], ['closed', 'REFUNDCLOSE'], ['abnormal', 'CHANGE']]) {
  test(`a refund notification is decrypted: ${outcome}`, async () => {
    await control('refund', { outcome, times: 1 });
    const out_trade_no = await paid();
    await acknowledged(out_trade_no);
    const out_refund_no = number('r');
    const request = { out_trade_no, out_refund_no, total_fee: 1990, refund_fee: 500, notify_url: refunds.url };
    await api.refund({ ...request });
    await control('clock', { advance_s: 2 });
    await acknowledged(out_trade_no);
    const received = accepted.refund.find(({ req_info }) => req_info.out_refund_no === out_refund_no);
    assert.equal(received.req_info.refund_status, status);
    assert.equal(received.req_info.refund_fee, '500');
    assert.equal(received.req_info.out_trade_no, out_trade_no);
  });
}
