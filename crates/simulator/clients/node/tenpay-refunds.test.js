import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { control, number, openid, order, pay, resetSimulator } from './simulator.js';
import { client, SIGN_TYPES } from './tenpay.js';

const api = client();

before(resetSimulator);

async function paid(sign_type) {
  const out_trade_no = number();
  await api.unifiedOrder({ out_trade_no, body: '测试', total_fee: 1990, openid, sign_type });
  return pay({ out_trade_no });
}

for (const sign_type of SIGN_TYPES) {
  test(`two partial refunds are queried by each of their numbers, ${sign_type}`, async () => {
    const { out_trade_no, transaction_id } = await paid(sign_type);
    const numbers = [number('r'), number('r')];
    const first = { out_trade_no, out_refund_no: numbers[0], total_fee: 1990, refund_fee: 990, sign_type };
    const { refund_id, ...reply } = await api.refund({ ...first, refund_desc: '缺货' });
    assert.equal(reply.refund_fee, '990');
    assert.equal(reply.transaction_id, transaction_id);
    // a repeated request returns the same refund
    assert.equal((await api.refund({ ...first, refund_desc: '缺货' })).refund_id, refund_id);
    await api.refund({ transaction_id, out_refund_no: numbers[1], total_fee: 1990, refund_fee: 1000, sign_type });
    await control('clock', { advance_s: 2 });

    for (const named of [{ out_trade_no }, { transaction_id }]) {
      const both = await api.refundQuery({ ...named, sign_type });
      assert.equal(both.refund_count, '2');
      assert.deepEqual([both.out_refund_no_0, both.out_refund_no_1].sort(), [...numbers].sort());
    }
    for (const named of [{ refund_id }, { out_refund_no: numbers[0] }]) {
      const one = await api.refundQuery({ ...named, sign_type });
      assert.equal(one.refund_count, '1');
      assert.equal(one.refund_id_0, refund_id);
      assert.equal(one.refund_fee_0, '990');
      assert.equal(one.refund_status_0, 'SUCCESS');
    }
    assert.equal((await order(out_trade_no)).trade_state, 'REFUND');
  });
}

test('a refund of more than the payment is refused', async () => {
  const { out_trade_no } = await paid();
  const request = { out_trade_no, total_fee: 1990 };
  await assert.rejects(api.refund({ ...request, out_refund_no: number('r'), refund_fee: 1991 }), /PARAM_ERROR/);
  await api.refund({ ...request, out_refund_no: number('r'), refund_fee: 1990 });
  await assert.rejects(api.refund({ ...request, out_refund_no: number('r'), refund_fee: 1 }), /^Error: ERROR$/);
});

test('a refund without the certificate is refused', async () => {
  const { out_trade_no } = await paid();
  const request = { out_trade_no, out_refund_no: number('r'), total_fee: 1990, refund_fee: 1 };
  await assert.rejects(client({ pfx: undefined }).refund(request), /request fail/);
  assert.equal((await order(out_trade_no)).trade_state, 'SUCCESS');
});

test('a missing refund has its error code', async () => {
  await assert.rejects(api.refundQuery({ out_refund_no: number('r') }), /REFUNDNOTEXIST/);
});
