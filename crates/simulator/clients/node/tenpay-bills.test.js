import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { account, startNextDay, number, openid, pay, resetSimulator } from './simulator.js';
import { client } from './tenpay.js';

const api = client();
const out_trade_no = number();
const out_refund_no = number('r');
let bill_date;

before(async () => {
  await resetSimulator();
  await startNextDay();
  await api.unifiedOrder({ out_trade_no, body: '茶,龙井`二两', total_fee: 1990, openid, attach: '附,加' });
  await pay({ out_trade_no });
  await api.refund({ out_trade_no, out_refund_no, total_fee: 1990, refund_fee: 990 });
  bill_date = (await startNextDay()).replaceAll('-', '');
});

/** A row as an object with the column names as keys. */
const named = (bill, row) => Object.fromEntries(bill.list_title.map((title, at) => [title, row[at]]));

for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  test(`the bill of a day lists payments and refunds, ${sign_type}`, async () => {
    const bill = await api.downloadBill({ bill_date, sign_type }, true);
    const rows = bill.list_data.map(row => named(bill, row)).filter(row => row['商户订单号'] === out_trade_no);
    const [paid] = rows.filter(row => row['交易状态'] === 'SUCCESS');
    assert.equal(paid['订单金额'], '19.90');
    assert.equal(paid['商品名称'], '茶,龙井`二两');
    assert.equal(paid['商户数据包'], '附,加');
    assert.equal(paid['公众账号ID'], account.appid);
    const [refunded] = rows.filter(row => row['交易状态'] === 'REFUND');
    assert.equal(refunded['商户退款单号'], out_refund_no);
    assert.equal(refunded['申请退款金额'], '9.90');
    const sums = Object.fromEntries(bill.total_title.map((title, at) => [title, bill.total_data[at]]));
    assert.equal(sums['总交易单数'], `${bill.list_data.length}`);
  });
}

test('payments and refunds have separate bills', async () => {
  const success = await api.downloadBill({ bill_date, bill_type: 'SUCCESS' }, true);
  assert.ok(success.list_data.every(row => named(success, row)['交易状态'] === 'SUCCESS'));
  const refund = await api.downloadBill({ bill_date, bill_type: 'REFUND' }, true);
  assert.ok(refund.list_data.some(row => named(refund, row)['商户退款单号'] === out_refund_no));
});

test('the fund flow bill', async () => {
  for (const account_type of ['Basic', 'Operation', 'Fees']) {
    const bill = api.downloadFundflow({ bill_date, account_type }, true);
    if (account_type !== 'Basic') {
      // the simulator has no entries on these accounts
      await assert.rejects(bill, /NO_BILL_EXIST/);
      continue;
    }
    const { list_title, list_data, total_data } = await bill;
    assert.equal(list_title.length, 11);
    assert.ok(list_data.length >= 2);
    assert.equal(total_data[0], `${list_data.length}`);
  }
});

test('a missing bill has its error code', async () => {
  await assert.rejects(api.downloadBill({ bill_date: '20200101' }), /No Bill Exist/);
  await assert.rejects(api.downloadBill({ bill_date, bill_type: 'NONE' }), /invalid bill_type/);
  await assert.rejects(api.downloadFundflow({ bill_date, sign_type: 'MD5' }), /Error/);
  await assert.rejects(client({ pfx: undefined }).downloadFundflow({ bill_date }), /request fail/);
});
