import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Aes, client, Hash, MODES, read, Transformer } from './axios.js';
import { NotifyServer } from './notify-server.js';
import { account, control, notificationsOf, number, openid, pay, quiet, until } from './simulator.js';

const certs = Object.assign({}, ...Object.values(MODES));
const believed = [];
let notifyServer;

before(async () => {
  notifyServer = await NotifyServer.start(message => {
    const v2 = message.body.includes('<xml>');
    try {
      believed.push(v2 ? readV2(message) : read(message, certs));
      return [200, v2 ? Transformer.toXml({ return_code: 'SUCCESS' }) : ''];
    } catch (error) {
      return [401, error.message];
    }
  });
});
beforeEach(quiet);
after(async () => {
  await quiet();
  await notifyServer.stop();
});

/** A V2 notification as the documents of this library read it. */
function readV2({ body }) {
  const { sign, ...told } = Transformer.toObject(body.toString());
  if (told.req_info) {
    const key = Hash.md5(account.api_v2_key).toLowerCase();
    return Transformer.toObject(Aes.AesEcb.decrypt(told.req_info, key));
  }
  const type = sign.length === 64 ? Hash.ALGO_HMAC_SHA256 : Hash.ALGO_MD5;
  if (!Hash.equals(Hash.sign(type, told, account.api_v2_key), sign)) throw new Error('not signed by WeChat');
  return told;
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
const about = out_trade_no => believed.find(({ plain }) => plain?.out_trade_no === out_trade_no);

for (const mode of Object.keys(MODES)) {
  test(`payments are told, verified and decrypted, ${mode}`, async () => {
    for (let n = 0; n < 6; n++) {
      const { out_trade_no, transaction_id } = await paid(mode, { attach: `第${n}单` });
      await acknowledged(out_trade_no);
      const { event_type, plain } = about(out_trade_no);
      assert.equal(event_type, 'TRANSACTION.SUCCESS');
      assert.equal(plain.transaction_id, transaction_id);
      assert.equal(plain.amount.total, 1990);
      assert.equal(plain.attach, `第${n}单`);
    }
    const [{ headers }] = notifyServer.mail.slice(-1);
    assert.ok(Object.hasOwn(MODES[mode], headers['wechatpay-serial']));
  });

  for (const [outcome, event] of [['success', 'SUCCESS'], ['closed', 'CLOSED'], ['abnormal', 'ABNORMAL']]) {
    test(`a refund is told, verified and decrypted: ${outcome}, ${mode}`, async () => {
      await control('refund', { outcome, times: 1 });
      const { out_trade_no } = await paid(mode);
      const out_refund_no = number('r');
      const amount = { refund: 500, total: 1990, currency: 'CNY' };
      const asked = { out_trade_no, out_refund_no, notify_url: notifyServer.url, amount };
      await client(mode).v3.refund.domestic.refunds.post(asked);
      await control('clock', { advance_s: 2 });
      const told = await until(() => believed.find(({ plain }) => plain?.out_refund_no === out_refund_no), 'the refund');
      assert.equal(told.event_type, `REFUND.${event}`);
      assert.equal(told.plain.refund_status, event);
      assert.equal(told.plain.amount.refund, 500);
    });
  }
}

test('in the changeover either key may have signed', async () => {
  await control('account', { platform_keys: 'alternate' });
  const from = notifyServer.mail.length;
  for (let n = 0; n < 4; n++) await acknowledged((await paid('certificate')).out_trade_no);
  const serials = new Set(notifyServer.mail.slice(from).map(({ headers }) => headers['wechatpay-serial']));
  assert.deepEqual([...serials].sort(), [account.platform_serial, account.public_key_id].sort());
});

for (const tamper of ['sign', 'no_sign', 'signtest', 'unknown_serial', 'stale_time', 'future_time', 'truncate', 'empty']) {
  test(`a tampered notification is not believed: ${tamper}`, async () => {
    await control('notifications', { tamper: { kind: tamper, times: 1 } });
    const from = notifyServer.mail.length;
    const { out_trade_no } = await paid('certificate');
    await until(() => notifyServer.mail.length > from, 'the notification');
    assert.equal(about(out_trade_no), undefined);
    assert.equal(notifyServer.mail[from].status, 401);
    // the true one comes by the schedule
    await control('clock', { advance_s: 16 });
    await acknowledged(out_trade_no);
    assert.ok(about(out_trade_no));
  });
}

for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  test(`a payment and a refund of V2 are told, ${sign_type}`, async () => {
    const { v2 } = client();
    const own = { appid: account.appid, mch_id: account.mch_id, sign_type };
    const out_trade_no = number();
    const order = { out_trade_no, body: '测试', total_fee: 1990, spbill_create_ip: '127.0.0.1', openid };
    await v2.pay.unifiedorder.post({ ...own, ...order, trade_type: 'JSAPI', notify_url: notifyServer.url });
    await pay({ out_trade_no });
    await acknowledged(out_trade_no);
    assert.equal(believed.find(told => told.out_trade_no === out_trade_no).total_fee, '1990');
    const out_refund_no = number('r');
    const asked = { ...own, out_trade_no, out_refund_no, total_fee: 1990, refund_fee: 500, notify_url: notifyServer.url };
    await v2.secapi.pay.refund.post(asked, { security: true });
    await control('clock', { advance_s: 2 });
    await acknowledged(out_trade_no);
    const told = believed.find(each => each.out_refund_no === out_refund_no);
    assert.equal(told.refund_status, 'SUCCESS');
  });
}
