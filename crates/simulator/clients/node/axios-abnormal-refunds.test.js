import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { client, MODES, Rsa } from './axios.js';
import { account, control, number, openid, pay, resetSimulator } from './simulator.js';

beforeEach(resetSimulator);

for (const mode of Object.keys(MODES)) {
  const { v3 } = client(mode);
  const { refunds } = v3.refund.domestic;
  const [[serial, key]] = Object.entries(MODES[mode]);
  // a request with encrypted fields contains the serial of the encryption key
  const headers = { 'Wechatpay-Serial': serial };

  async function abnormal() {
    const out_trade_no = number();
    const out_refund_no = number('r');
    await v3.pay.transactions.jsapi.post({
      appid: account.appid,
      mchid: account.mch_id,
      description: '测试',
      out_trade_no,
      notify_url: 'http://127.0.0.1:9/notify',
      amount: { total: 1990 },
      payer: { openid },
    });
    await pay({ out_trade_no });
    await control('refund', { outcome: 'abnormal', times: 1 });
    const amount = { refund: 1990, total: 1990, currency: 'CNY' };
    const { data } = await refunds.post({ out_trade_no, out_refund_no, amount });
    await control('clock', { advance_s: 2 });
    return data;
  }

  const apply = ({ refund_id, out_refund_no }, more) =>
    refunds._refund_id_.applyAbnormalRefund.post({ out_refund_no, ...more }, { refund_id, headers });
  const card = () => ({
    type: 'USER_BANK_CARD',
    bank_type: 'ICBC_DEBIT',
    bank_account: Rsa.encrypt('6222000000001234', Rsa.from(key, Rsa.KEY_TYPE_PUBLIC)),
    real_name: Rsa.encrypt('张三', Rsa.from(key, Rsa.KEY_TYPE_PUBLIC)),
  });

  test(`an abnormal refund goes to an encrypted bank card, ${mode}`, async () => {
    const refund = await abnormal();
    const { data } = await apply(refund, card());
    assert.match(data.user_received_account, /1234/);
    await control('clock', { advance_s: 2 });
    const { out_refund_no } = refund;
    assert.equal((await refunds.$out_refund_no$.get({ out_refund_no })).data.status, 'SUCCESS');
  });

  test(`an abnormal refund goes back to the merchant, ${mode}`, async () => {
    const refund = await abnormal();
    assert.equal((await apply(refund, { type: 'MERCHANT_BANK_CARD' })).status, 200);
    // only once
    await control('clock', { advance_s: 2 });
    const again = apply(refund, { type: 'MERCHANT_BANK_CARD' });
    await assert.rejects(again, ({ response }) => response.status === 400);
  });

  test(`a flipped bit in an encrypted field is refused, ${mode}`, async () => {
    const refund = await abnormal();
    const given = card();
    const bytes = Buffer.from(given.bank_account, 'base64');
    for (const at of [0, 100, 255]) {
      const other = Buffer.from(bytes);
      other[at] ^= 1;
      const request = apply(refund, { ...given, bank_account: other.toString('base64') });
      await assert.rejects(request, ({ response }) => response.status === 400);
    }
    assert.equal((await apply(refund, given)).status, 200);
  });
}
