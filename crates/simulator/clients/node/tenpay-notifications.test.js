import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { NotifyServer } from './notify-server.js';
import { control, notificationsOf, number, openid, pay, quiet, until } from './simulator.js';
import { client, receiver, SIGN_TYPES } from './tenpay.js';

const believed = { pay: [], refund: [] };
const api = client();
let payments, refunds;

before(async () => {
  payments = await NotifyServer.start(receiver(api, 'pay', believed.pay));
  refunds = await NotifyServer.start(receiver(api, 'refund', believed.refund));
});
beforeEach(quiet);
after(async () => {
  await quiet();
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

// one in three payments has a coupon, one in four a field that no table has, every second names its sign_type
test('payments are told and believed, whatever they carry', async () => {
  for (let n = 0; n < 12; n++) {
    const attach = `第${n}单 <&>"'`;
    const out_trade_no = await paid({ attach });
    await acknowledged(out_trade_no);
    const told = believed.pay.find(each => each.out_trade_no === out_trade_no);
    assert.equal(told.total_fee, '1990');
    assert.equal(told.attach, attach);
    assert.equal(told.openid, openid);
  }
  assert.ok(believed.pay.some(each => each.coupon_fee));
  assert.ok(believed.pay.some(each => each.sign_type));
});

// this client takes MD5 where no sign_type is named, so only those that name it can be believed
test('a payment with HMAC-SHA256 is believed where it names its sign_type', async () => {
  const seen = [];
  for (let n = 0; n < 4; n++) {
    const out_trade_no = await paid({ sign_type: 'HMAC-SHA256' });
    const [mail] = await until(
      () => [payments.mail.filter(({ body }) => body.includes(out_trade_no))].find(found => found.length),
      'the notification',
    );
    const named = mail.body.includes('sign_type');
    seen.push(named);
    assert.equal(believed.pay.some(each => each.out_trade_no === out_trade_no), named);
  }
  assert.deepEqual([...new Set(seen)].sort(), [false, true]);
});

for (const tamper of ['sign', 'no_sign', 'no_return_code', 'total_fee', 'out_trade_no', 'truncate', 'empty', 'not_xml',
  'signed_appid', 'signed_mch_id']) {
  test(`a tampered payment is not believed: ${tamper}`, async () => {
    await control('notifications', { tamper: { kind: tamper, times: 1 } });
    const from = payments.mail.length;
    const already = believed.pay.length;
    const out_trade_no = await paid();
    await until(() => payments.mail.length > from, 'the notification');
    assert.equal(believed.pay.length, already);
    assert.match(payments.mail[from].answered, /FAIL/);
    // the true one comes by the schedule
    await control('clock', { advance_s: 16 });
    await acknowledged(out_trade_no);
    assert.equal(believed.pay.at(-1).out_trade_no, out_trade_no);
  });
}

for (const [outcome, status] of [['success', 'SUCCESS'], ['closed', 'REFUNDCLOSE'], ['abnormal', 'CHANGE']]) {
  test(`a refund is told and decrypted: ${outcome}`, async () => {
    await control('refund', { outcome, times: 1 });
    const out_trade_no = await paid();
    await acknowledged(out_trade_no);
    const out_refund_no = number('r');
    const asked = { out_trade_no, out_refund_no, total_fee: 1990, refund_fee: 500, notify_url: refunds.url };
    await api.refund({ ...asked });
    await control('clock', { advance_s: 2 });
    await acknowledged(out_trade_no);
    const told = believed.refund.find(({ req_info }) => req_info.out_refund_no === out_refund_no);
    assert.equal(told.req_info.refund_status, status);
    assert.equal(told.req_info.refund_fee, '500');
    assert.equal(told.req_info.out_trade_no, out_trade_no);
  });
}
