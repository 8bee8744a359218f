import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { control, number, openid, pay, resetSimulator } from './simulator.js';
import { client, SIGN_TYPES } from './tenpay.js';

const api = client();
const shown = async more => (await control('payment-code', more ?? {})).auth_code;

before(resetSimulator);

for (const sign_type of SIGN_TYPES) {
  test(`a payment code pays and the payment is reversed, ${sign_type}`, async () => {
    const out_trade_no = number();
    const till = { out_trade_no, body: '茶', total_fee: 1990, auth_code: await shown(), sign_type };
    const paid = await api.micropay(till);
    assert.equal(paid.trade_type, 'MICROPAY');
    assert.equal(paid.openid, openid);
    assert.equal((await api.orderQuery({ out_trade_no, sign_type })).trade_state, 'SUCCESS');
    assert.equal((await api.reverse({ out_trade_no, sign_type })).recall, 'N');
    assert.equal((await api.orderQuery({ out_trade_no, sign_type })).trade_state, 'REVOKED');
  });
}

test('a payment waits for the password', async () => {
  const out_trade_no = number();
  const auth_code = await shown({ password: true });
  await assert.rejects(api.micropay({ out_trade_no, body: '茶', total_fee: 1990, auth_code }), /^Error: USERPAYING$/);
  assert.equal((await api.orderQuery({ out_trade_no })).trade_state, 'USERPAYING');
  await pay({ out_trade_no });
  assert.equal((await api.orderQuery({ out_trade_no })).trade_state, 'SUCCESS');
});

test('an invalid code is refused, and so is a reversal without the certificate', async () => {
  const till = { out_trade_no: number(), body: '茶', total_fee: 1990 };
  await assert.rejects(api.micropay({ ...till, auth_code: '991234567890123456' }), /^Error: AUTH_CODE_INVALID$/);
  const { out_trade_no } = await api.micropay({ ...till, auth_code: await shown() });
  await assert.rejects(client({ pfx: undefined }).reverse({ out_trade_no }), /request fail/);
  assert.equal((await api.orderQuery({ out_trade_no })).trade_state, 'SUCCESS');
});
