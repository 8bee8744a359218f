import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { client, Formatter, MODES } from './axios.js';
import { account, control, startNextDay, number, openid, pay, resetSimulator } from './simulator.js';

const own = { appid: account.appid, mch_id: account.mch_id };
const out_trade_no = number();
const out_refund_no = number('r');
let bill_date;

before(async () => {
  await resetSimulator();
  await startNextDay();
  const { v3 } = client();
  await v3.pay.transactions.jsapi.post({
    appid: account.appid,
    mchid: account.mch_id,
    description: '茶,龙井',
    out_trade_no,
    notify_url: 'http://127.0.0.1:9/notify',
    amount: { total: 1990 },
    payer: { openid },
  });
  await pay({ out_trade_no });
  const amount = { refund: 990, total: 1990, currency: 'CNY' };
  await v3.refund.domestic.refunds.post({ out_trade_no, out_refund_no, amount });
  bill_date = await startNextDay();
});
afterEach(resetSimulator);

/** Downloads and decompresses the file of a response, and checks its hash. */
async function file(v3, { data: { hash_type, hash_value, download_url } }) {
  assert.equal(hash_type, 'SHA1');
  assert.match(download_url, /^https:\/\/api\.mch\.weixin\.qq\.com\/v3\/billdownload\/file\?token=/);
  const token = new URL(download_url).searchParams.get('token');
  const { data } = await v3.billdownload.file.get({ params: { token }, responseType: 'arraybuffer' });
  const compressed = data[0] === 0x1f && data[1] === 0x8b;
  const text = compressed ? gunzipSync(data) : data;
  if (createHash('sha1').update(text).digest('hex') !== hash_value) throw new Error('another file');
  return { compressed, text };
}

for (const mode of Object.keys(MODES)) {
  const { v3 } = client(mode);

  for (const tar_type of [undefined, 'GZIP']) {
    test(`the trade bill has its hash and its rows, ${tar_type ?? 'not compressed'}, ${mode}`, async () => {
      const { compressed, text } = await file(v3, await v3.bill.tradebill.get({ params: { bill_date, tar_type } }));
      assert.equal(compressed, tar_type === 'GZIP');
      const { rows, summary } = Formatter.castCsvBill(text);
      const [paid, refunded] = ['SUCCESS', 'REFUND'].map(state =>
        rows.find(row => row['商户订单号'] === out_trade_no && row['交易状态'] === state),
      );
      assert.equal(paid['订单金额'], '19.90');
      assert.equal(paid['商品名称'], '茶,龙井');
      assert.equal(refunded['商户退款单号'], out_refund_no);
      assert.equal(summary['总交易单数'], `${rows.length}`);
    });

    test(`the fund flow bill, ${tar_type ?? 'not compressed'}, ${mode}`, async () => {
      const params = { bill_date, account_type: 'BASIC', tar_type };
      const { text } = await file(v3, await v3.bill.fundflowbill.get({ params }));
      const { rows, summary } = Formatter.castCsvBill(text);
      assert.equal(summary['资金流水总笔数'], `${rows.length}`);
    });
  }

  test(`payments and refunds have separate bills, ${mode}`, async () => {
    for (const bill_type of ['SUCCESS', 'REFUND']) {
      const { text } = await file(v3, await v3.bill.tradebill.get({ params: { bill_date, bill_type } }));
      const { rows } = Formatter.castCsvBill(text);
      assert.ok(rows.some(row => row['商户订单号'] === out_trade_no));
    }
  });

  test(`a missing bill has its error code, ${mode}`, async () => {
    const refused = code => ({ response }) => response.data.code === code;
    const { tradebill } = v3.bill;
    await assert.rejects(tradebill.get({ params: { bill_date: '2020-01-01' } }), refused('NO_STATEMENT_EXIST'));
    await assert.rejects(tradebill.get({ params: { bill_date: '20200101' } }), refused('PARAM_ERROR'));
    await assert.rejects(v3.billdownload.file.get({ params: { token: 'x' } }), ({ response }) => response.status === 400);
  });
}

test('a file with a wrong hash is detected', async () => {
  await control('faults', { endpoint: 'tradebill', kind: 'wrong_hash', times: 1 });
  const { v3 } = client();
  await assert.rejects(file(v3, await v3.bill.tradebill.get({ params: { bill_date } })), /another file/);
});

test('V2 returns the bills', async () => {
  const { v2 } = client();
  const raw = { responseType: 'arraybuffer', transformResponse: [] };
  const date = { ...own, bill_date: bill_date.replaceAll('-', '') };
  const { data } = await v2.pay.downloadbill.post({ ...date, bill_type: 'ALL' }, raw);
  assert.ok(Formatter.castCsvBill(data).rows.some(row => row['商户订单号'] === out_trade_no));
  const gzip = await v2.pay.downloadbill.post({ ...date, bill_type: 'ALL', tar_type: 'GZIP' }, raw);
  assert.deepEqual(gunzipSync(gzip.data), data);
  const funds = { ...date, account_type: 'Basic', sign_type: 'HMAC-SHA256' };
  const flow = await v2.pay.downloadfundflow.post(funds, { ...raw, security: true });
  assert.ok(Formatter.castCsvBill(flow.data).rows.length >= 2);
  await assert.rejects(
    v2.pay.downloadbill.post({ ...date, bill_date: '20200101' }),
    ({ response }) => response.data.return_msg === 'No Bill Exist',
  );
});
