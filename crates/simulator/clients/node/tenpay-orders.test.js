import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Hash } from './axios.js';
import { sheet } from './phone.js';
import { account, control, number, openid, order, pay, resetSimulator } from './simulator.js';
import { client, SIGN_TYPES } from './tenpay.js';

const api = client();
const wanted = more => ({ out_trade_no: number(), body: '测试商品 <&>', total_fee: 1990, ...more });

before(resetSimulator);

for (const sign_type of SIGN_TYPES) {
  test(`an order of each trade type is placed, ${sign_type}`, async () => {
    const jsapi = await api.unifiedOrder(wanted({ openid, attach: '附加', sign_type }));
    assert.match(jsapi.prepay_id, /^wx/);
    const native = await api.unifiedOrder(wanted({ trade_type: 'NATIVE', product_id: 'p1', sign_type }));
    assert.match(native.code_url, /^weixin:\/\/wxpay\/bizpayurl\?pr=/);
    const app = await api.unifiedOrder(wanted({ trade_type: 'APP', sign_type }));
    assert.equal(app.trade_type, 'APP');
    const scene_info = JSON.stringify({ h5_info: { type: 'Wap', wap_url: 'https://shop.test', wap_name: '店' } });
    const web = await api.unifiedOrder(wanted({ trade_type: 'MWEB', scene_info, sign_type }));
    assert.match(web.mweb_url, /^https?:/);
  });

  test(`the payment parameters of a page or an app, ${sign_type}`, async () => {
    const page = await api.getPayParams(wanted({ openid, sign_type }));
    assert.equal(page.signType, sign_type);
    assert.equal((await sheet(page)).amount, '19.90');
    const prepaid = await api.unifiedOrder(wanted({ openid, sign_type }));
    const again = api.getPayParamsByPrepay(prepaid, sign_type);
    assert.equal((await sheet(again)).prepay_id, prepaid.prepay_id);
    const paySign = again.paySign.replace(/.$/, last => (last === '0' ? '1' : '0'));
    assert.equal(await sheet({ ...again, paySign }), '支付验证签名失败');
    const app = await api.getAppParams(wanted({ sign_type }));
    assert.equal(app.partnerid, account.mch_id);
    assert.match(app.prepayid, /^wx/);
    assert.equal(app.sign, Hash.sign(sign_type, app, account.api_v2_key));
  });

  test(`an order is queried by both numbers, ${sign_type}`, async () => {
    const { out_trade_no, ...more } = wanted({ openid, attach: '附加', sign_type });
    await api.unifiedOrder({ out_trade_no, ...more });
    const unpaid = await api.orderQuery({ out_trade_no, sign_type });
    assert.equal(unpaid.trade_state, 'NOTPAY');
    const { transaction_id } = await pay({ out_trade_no });
    for (const named of [{ out_trade_no }, { transaction_id }]) {
      const paid = await api.orderQuery({ ...named, sign_type });
      assert.equal(paid.trade_state, 'SUCCESS');
      assert.equal(paid.transaction_id, transaction_id);
      assert.equal(paid.openid, openid);
      assert.equal(paid.total_fee, '1990');
      assert.equal(paid.attach, '附加');
    }
  });

  test(`an order can be closed twice, ${sign_type}`, async () => {
    const { out_trade_no, ...more } = wanted({ openid, sign_type });
    await api.unifiedOrder({ out_trade_no, ...more });
    assert.equal((await api.closeOrder({ out_trade_no, sign_type })).result_code, 'SUCCESS');
    assert.equal((await api.closeOrder({ out_trade_no, sign_type })).result_code, 'SUCCESS');
    assert.equal((await api.orderQuery({ out_trade_no, sign_type })).trade_state, 'CLOSED');
    assert.equal((await order(out_trade_no)).trade_state, 'CLOSED');
  });
}

test('the URL of a QR code for the older native payment', () => {
  const url = new URL(api.getNativeUrl({ product_id: '商品1' }));
  assert.equal(url.protocol, 'weixin:');
  assert.equal(url.searchParams.get('product_id'), '商品1');
  assert.equal(url.searchParams.get('appid'), account.appid);
});

test('a refusal has its error code', async () => {
  const { out_trade_no, ...more } = wanted({ openid });
  await assert.rejects(api.orderQuery({ out_trade_no }), /^Error: ORDERNOTEXIST$/);
  await api.unifiedOrder({ out_trade_no, ...more });
  await pay({ out_trade_no });
  await assert.rejects(api.unifiedOrder({ out_trade_no, ...more }), /^Error: ORDERPAID$/);
  await assert.rejects(api.closeOrder({ out_trade_no }), /^Error: ORDERPAID$/);
  await control('faults', { endpoint: 'orderquery', kind: 'system_error', times: 1 });
  await assert.rejects(api.orderQuery({ out_trade_no }), /^Error: SYSTEMERROR$/);
});

test('another merchant key is refused', async () => {
  const stranger = client({ partnerKey: '0'.repeat(32) });
  await assert.rejects(stranger.unifiedOrder(wanted({ openid })), /签名错误/);
});
