import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { client, MODES } from './axios.js';
import { account, control, number, openid, order, pay, resetSimulator } from './simulator.js';

beforeEach(resetSimulator);

for (const mode of Object.keys(MODES)) {
  const { v3 } = client(mode);
  const { refunds } = v3.refund.domestic;

  async function paid() {
    const out_trade_no = number();
    await v3.pay.transactions.jsapi.post({
      appid: account.appid,
      mchid: account.mch_id,
      description: '测试',
      out_trade_no,
      notify_url: 'http://127.0.0.1:9/notify',
      amount: { total: 1990 },
      payer: { openid },
    });
    return pay({ out_trade_no });
  }
  const amount = refund => ({ refund, total: 1990, currency: 'CNY' });
  const find = async out_refund_no => (await refunds.$out_refund_no$.get({ out_refund_no })).data;

  test(`two partial refunds, by either number of the order, ${mode}`, async () => {
    const { out_trade_no, transaction_id } = await paid();
    const first = { out_trade_no, out_refund_no: number('r'), reason: '缺货', amount: amount(990) };
    const { data } = await refunds.post(first);
    assert.equal(data.status, 'PROCESSING');
    assert.equal(data.amount.refund, 990);
    assert.equal((await refunds.post(first)).data.refund_id, data.refund_id);
    const goods_detail = [
      { merchant_goods_id: '1', goods_name: '笔', unit_price: 1000, refund_amount: 1000, refund_quantity: 1 },
    ];
    const second = { transaction_id, out_refund_no: number('r'), funds_account: 'AVAILABLE', goods_detail };
    await refunds.post({ ...second, amount: amount(1000) });
    await control('clock', { advance_s: 2 });
    for (const { out_refund_no } of [first, second]) assert.equal((await find(out_refund_no)).status, 'SUCCESS');
    assert.equal((await find(first.out_refund_no)).refund_id, data.refund_id);
    assert.equal((await order(out_trade_no)).trade_state, 'REFUND');
  });

  for (const [outcome, status] of [['closed', 'CLOSED'], ['abnormal', 'ABNORMAL']]) {
    test(`a refund that fails: ${outcome}, ${mode}`, async () => {
      await control('refund', { outcome, times: 1 });
      const { out_trade_no } = await paid();
      const out_refund_no = number('r');
      await refunds.post({ out_trade_no, out_refund_no, amount: amount(1990) });
      await control('clock', { advance_s: 2 });
      assert.equal((await find(out_refund_no)).status, status);
    });
  }

  test(`an invalid refund is refused, ${mode}`, async () => {
    const { out_trade_no } = await paid();
    const request = { out_trade_no, out_refund_no: number('r') };
    const refused = status => error => error.response.status === status;
    await assert.rejects(refunds.post({ ...request, amount: amount(1991) }), refused(400));
    await assert.rejects(refunds.post({ ...request, out_trade_no: number(), amount: amount(1) }), refused(404));
    await assert.rejects(find(number('r')), refused(404));
  });
}
