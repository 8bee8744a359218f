import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { client } from './axios.js';
import { account, control, number, openid, pay, resetSimulator } from './simulator.js';

const { v2 } = client();
const own = { appid: account.appid, mch_id: account.mch_id };

before(resetSimulator);

async function placed(sign_type) {
  const out_trade_no = number();
  await v2.pay.unifiedorder.post({ ...order(sign_type), out_trade_no, openid, trade_type: 'JSAPI' });
  return out_trade_no;
}

function order(sign_type) {
  return {
    ...own,
    out_trade_no: number(),
    body: '测试 <&>',
    total_fee: 1990,
    spbill_create_ip: '127.0.0.1',
    notify_url: 'http://127.0.0.1:9/notify',
    sign_type,
  };
}

for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  test(`an order of each trade type is placed, ${sign_type}`, async () => {
    const place = async more => (await v2.pay.unifiedorder.post({ ...order(sign_type), ...more })).data;
    assert.match((await place({ trade_type: 'JSAPI', openid })).prepay_id, /^wx/);
    assert.match((await place({ trade_type: 'NATIVE', product_id: 'p1' })).code_url, /^weixin:/);
    assert.match((await place({ trade_type: 'APP' })).prepay_id, /^wx/);
    const scene_info = JSON.stringify({ h5_info: { type: 'Wap', wap_url: 'https://shop.test', wap_name: '店' } });
    assert.match((await place({ trade_type: 'MWEB', scene_info })).mweb_url, /^https?:/);
  });

  test(`an order is queried by both numbers and closed, ${sign_type}`, async () => {
    const out_trade_no = await placed(sign_type);
    const { transaction_id } = await pay({ out_trade_no });
    for (const named of [{ out_trade_no }, { transaction_id }]) {
      const { data } = await v2.pay.orderquery.post({ ...own, ...named, sign_type });
      assert.equal(data.trade_state, 'SUCCESS');
      assert.equal(data.total_fee, '1990');
    }
    const other = { ...own, out_trade_no: await placed(sign_type), sign_type };
    for (const _ of ['once', 'again']) {
      assert.equal((await v2.pay.closeorder.post(other)).data.result_code, 'SUCCESS');
    }
    assert.equal((await v2.pay.orderquery.post(other)).data.trade_state, 'CLOSED');
  });

  test(`a refund with the merchant's certificate, and its query, ${sign_type}`, async () => {
    const out_trade_no = await placed(sign_type);
    await pay({ out_trade_no });
    const out_refund_no = number('r');
    const request = { ...own, out_trade_no, out_refund_no, total_fee: 1990, refund_fee: 500, sign_type };
    const { data } = await v2.secapi.pay.refund.post(request, { security: true });
    assert.equal(data.refund_fee, '500');
    await control('clock', { advance_s: 2 });
    const found = (await v2.pay.refundquery.post({ ...own, out_refund_no, sign_type })).data;
    assert.equal(found.refund_status_0, 'SUCCESS');
    assert.equal(found.refund_id_0, data.refund_id);
  });
}

test('a refund without the certificate is refused', async () => {
  const out_trade_no = await placed();
  const request = { ...own, out_trade_no, out_refund_no: number('r'), total_fee: 1990, refund_fee: 500 };
  await assert.rejects(v2.secapi.pay.refund.post(request), ({ response }) => response.status === 400);
});

test('a report is accepted', async () => {
  const trades = JSON.stringify([{ out_trade_no: number(), begin_time: '20260101000000', end_time: '20260101000001' }]);
  const report = { ...own, interface_url: 'https://api.mch.weixin.qq.com/pay/batchreport/micropay/total', trades };
  const { data } = await v2.payitil.report.post({ ...report, user_ip: '127.0.0.1' });
  assert.equal(data.return_code, 'SUCCESS');
});

test('a refusal has its error code', async () => {
  await assert.rejects(
    v2.pay.orderquery.post({ ...own, out_trade_no: number() }),
    ({ response }) => response.data.err_code === 'ORDERNOTEXIST',
  );
});
