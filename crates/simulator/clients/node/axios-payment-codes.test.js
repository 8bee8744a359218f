import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { client, MODES } from './axios.js';
import { account, control, number, openid, order, resetSimulator } from './simulator.js';

const shown = async more => (await control('payment-code', more ?? {})).auth_code;

before(resetSimulator);

for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  test(`a payment code pays an order of V2 and the payment is reversed, ${sign_type}`, async () => {
    const { v2 } = client();
    const own = { appid: account.appid, mch_id: account.mch_id, out_trade_no: number(), sign_type };
    const till = { ...own, body: '茶', total_fee: 1990, spbill_create_ip: '127.0.0.1', auth_code: await shown() };
    const { data } = await v2.pay.micropay.post(till);
    assert.equal(data.openid, openid);
    const taken = await v2.secapi.pay.reverse.post(own, { security: true });
    assert.equal(taken.data.recall, 'N');
    assert.equal((await order(own.out_trade_no)).trade_state, 'REVOKED');
  });
}

for (const mode of Object.keys(MODES)) {
  test(`a payment code pays an order of V3 and the payment is reversed, ${mode}`, async () => {
    const { transactions } = client(mode).v3.pay;
    const out_trade_no = number();
    const own = { appid: account.appid, mchid: account.mch_id };
    const till = {
      ...own,
      description: '茶',
      out_trade_no,
      payer: { auth_code: await shown() },
      amount: { total: 1990 },
      scene_info: { store_info: { out_id: 'A1' } },
    };
    const { data } = await transactions.codepay.post(till);
    assert.equal(data.trade_state, 'SUCCESS');
    assert.equal(data.payer.openid, openid);
    await transactions.outTradeNo.$out_trade_no$.reverse.post(own, { out_trade_no });
    assert.equal((await order(out_trade_no)).trade_state, 'REVOKED');
  });
}
