import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Aes, client, Hash, MODES, read, Transformer } from './axios.js';
import { NotifyServer } from './notify-server.js';
import { account, control, notificationsOf, number, openid, pay, resetSimulator, until } from './simulator.js';

const certs = Object.assign({}, ...Object.values(MODES));
const accepted = [];
let notifyServer;

before(async () => {
  notifyServer = await NotifyServer.start(message => {
    const v2 = message.body.includes('<xml>');
    try {
      accepted.push(v2 ? readV2(message) : read(message, certs));
      return [200, v2 ? Transformer.toXml({ return_code: 'SUCCESS' }) : ''];
    } catch (error) {
      return [401, error.message];
    }
  });
});
beforeEach(resetSimulator);
after(async () => {
  await resetSimulator();
  await notifyServer.stop();
});

/** Verifies a V2 notification as the documentation of this library describes. */
function readV2({ body }) {
  const { sign, ...received } = Transformer.toObject(body.toString());
  if (received.req_info) {
    const key = Hash.md5(account.api_v2_key).toLowerCase();
    return Transformer.toObject(Aes.AesEcb.decrypt(received.req_info, key));
  }
  const type = sign.length === 64 ? Hash.ALGO_HMAC_SHA256 : Hash.ALGO_MD5;
  if (!Hash.equals(Hash.sign(type, received, account.api_v2_key), sign)) throw new Error('not signed by WeChat');
  return received;
}

async function paid(mode, more) {
  const out_trade_no = number();
  await client(mode).v3.pay.transactions.jsapi.post({
    appid: account.appid,
    mchid: account.mch_id,
    description: '测试',
    out_trade_no,
    notify_url: notifyServer.url,
    amount: { total: 1990 },
    payer: { openid },
    ...more,
  });
  return pay({ out_trade_no });
}

const acknowledged = out_trade_no =>
  until(async () => (await notificationsOf(out_trade_no)).every(each => each.acknowledged), 'the acknowledgement');
const about = out_trade_no => accepted.find(({ plain }) => plain?.out_trade_no === out_trade_no);

for (const mode of Object.keys(MODES)) {
  test(`payment notifications are verified and decrypted, ${mode}`, async () => {
    for (let n = 0; n < 6; n++) {
      const { out_trade_no, transaction_id } = await paid(mode, { attach: `第${n}单` });
      await acknowledged(out_trade_no);
      const { event_type, plain } = about(out_trade_no);
      assert.equal(event_type, 'TRANSACTION.SUCCESS');
      assert.equal(plain.transaction_id, transaction_id);
      assert.equal(plain.amount.total, 1990);
      assert.equal(plain.attach, `第${n}单`);
    }
    const [{ headers }] = notifyServer.received.slice(-1);
    assert.ok(Object.hasOwn(MODES[mode], headers['wechatpay-serial']));
  });

  for (const [outcome, event] of [['success', 'SUCCESS'], ['closed', 'CLOSED'], ['abnormal', 'ABNORMAL']]) {
    test(`a refund notification is verified and decrypted: ${outcome}, ${mode}`, async () => {
      await control('refund', { outcome, times: 1 });
      const { out_trade_no } = await paid(mode);
      const out_refund_no = number('r');
      const amount = { refund: 500, total: 1990, currency: 'CNY' };
      const request = { out_trade_no, out_refund_no, notify_url: notifyServer.url, amount };
      await client(mode).v3.refund.domestic.refunds.post(request);
      await control('clock', { advance_s: 2 });
      const found = () => accepted.find(({ plain }) => plain?.out_refund_no === out_refund_no);
      const received = await until(found, 'the refund');
      assert.equal(received.event_type, `REFUND.${event}`);
      assert.equal(received.plain.refund_status, event);
      assert.equal(received.plain.amount.refund, 500);
    });
  }
}

test('during the change of keys either key can sign', async () => {
  await control('account', { platform_keys: 'alternate' });
  const from = notifyServer.received.length;
  for (let n = 0; n < 4; n++) await acknowledged((await paid('certificate')).out_trade_no);
  const serials = new Set(notifyServer.received.slice(from).map(({ headers }) => headers['wechatpay-serial']));
  assert.deepEqual([...serials].sort(), [account.platform_serial, account.public_key_id].sort());
});

for (const tamper of ['sign', 'no_sign', 'signtest', 'unknown_serial', 'stale_time', 'future_time', 'truncate', 'empty']) {
  test(`a tampered notification is refused: ${tamper}`, async () => {
    await control('notifications', { tamper: { kind: tamper, times: 1 } });
    const from = notifyServer.received.length;
    const { out_trade_no } = await paid('certificate');
    await until(() => notifyServer.received.length > from, 'the notification');
    assert.equal(about(out_trade_no), undefined);
    assert.equal(notifyServer.received[from].status, 401);
    // the retry schedule delivers the genuine notification
    await control('clock', { advance_s: 16 });
    await acknowledged(out_trade_no);
    assert.ok(about(out_trade_no));
  });
}

for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  test(`a payment and a refund of V2 are notified, ${sign_type}`, async () => {
    const { v2 } = client();
    const own = { appid: account.appid, mch_id: account.mch_id, sign_type };
    const out_trade_no = number();
    const order = { out_trade_no, body: '测试', total_fee: 1990, spbill_create_ip: '127.0.0.1', openid };
    await v2.pay.unifiedorder.post({ ...own, ...order, trade_type: 'JSAPI', notify_url: notifyServer.url });
    await pay({ out_trade_no });
    await acknowledged(out_trade_no);
    assert.equal(accepted.find(received => received.out_trade_no === out_trade_no).total_fee, '1990');
    const out_refund_no = number('r');
    const numbers = { out_trade_no, out_refund_no };
    const request = { ...own, ...numbers, total_fee: 1990, refund_fee: 500, notify_url: notifyServer.url };
    await v2.secapi.pay.refund.post(request, { security: true });
    await control('clock', { advance_s: 2 });
    await acknowledged(out_trade_no);
    const received = accepted.find(each => each.out_refund_no === out_refund_no);
    assert.equal(received.refund_status, 'SUCCESS');
  });
}
