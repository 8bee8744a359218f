import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { client, Formatter, MODES, Rsa } from './axios.js';
import { sheet } from './phone.js';
import { account, control, number, openid, order, pay, resetSimulator } from './simulator.js';

before(resetSimulator);

function wanted(more) {
  return {
    appid: account.appid,
    mchid: account.mch_id,
    description: '测试商品 <&>"',
    out_trade_no: number(),
    notify_url: 'http://127.0.0.1:9/notify',
    amount: { total: 1990, currency: 'CNY' },
    ...more,
  };
}

for (const mode of Object.keys(MODES)) {
  const { v3 } = client(mode);
  const { transactions } = v3.pay;
  const params = { mchid: account.mch_id };

  test(`an order of each trade type is placed, ${mode}`, async () => {
    const place = async (way, more) => (await transactions[way].post(wanted(more))).data;
    assert.match((await place('jsapi', { payer: { openid } })).prepay_id, /^wx/);
    assert.match((await place('native')).code_url, /^weixin:/);
    assert.match((await place('app')).prepay_id, /^wx/);
    const scene_info = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap', app_name: '店' } };
    assert.match((await place('h5', { scene_info })).h5_url, /^https?:/);
  });

  test(`an order with all of its fields, ${mode}`, async () => {
    const { data } = await transactions.jsapi.post(wanted({
      payer: { openid },
      time_expire: new Date(Date.now() + 3600_000).toISOString().replace(/\.\d+Z$/, '+00:00'),
      attach: '附加 "数据"',
      goods_tag: 'WXG',
      support_fapiao: true,
      detail: {
        cost_price: 1990,
        invoice_id: '微信123',
        goods_detail: [{ merchant_goods_id: '1246464644', goods_name: '笔', quantity: 1, unit_price: 1990 }],
      },
      scene_info: {
        payer_client_ip: '2001:db8::1',
        device_id: '013467007045764',
        store_info: { id: '0001', name: '店', area_code: '440305', address: '深圳' },
      },
      settle_info: { profit_sharing: false },
    }));
    assert.match(data.prepay_id, /^wx/);
  });

  test(`the payment parameters of a page, ${mode}`, async () => {
    const { data: { prepay_id } } = await transactions.jsapi.post(wanted({ payer: { openid } }));
    const parameters = {
      appId: account.appid,
      timeStamp: `${Formatter.timestamp()}`,
      nonceStr: Formatter.nonce(),
      package: `prepay_id=${prepay_id}`,
    };
    const message = Formatter.joinedByLineFeed(...Object.values(parameters));
    const paySign = Rsa.sign(message, account.merchant_private_key_pem);
    assert.equal((await sheet({ ...parameters, signType: 'RSA', paySign })).amount, '19.90');
    assert.equal(await sheet({ ...parameters, signType: 'MD5', paySign }), '支付验证签名失败');
  });

  test(`an order is queried by both numbers, ${mode}`, async () => {
    const { out_trade_no, ...more } = wanted({ payer: { openid }, attach: '附加' });
    await transactions.jsapi.post({ out_trade_no, ...more });
    const byNumber = async () => (await transactions.outTradeNo.$out_trade_no$.get({ params, out_trade_no })).data;
    assert.equal((await byNumber()).trade_state, 'NOTPAY');
    const { transaction_id } = await pay({ out_trade_no });
    const byTransaction = (await transactions.id._transaction_id_.get({ params, transaction_id })).data;
    for (const found of [await byNumber(), byTransaction]) {
      assert.equal(found.trade_state, 'SUCCESS');
      assert.equal(found.amount.total, 1990);
      assert.equal(found.payer.openid, openid);
      assert.equal(found.attach, '附加');
    }
  });

  test(`an order is closed, with an empty response, ${mode}`, async () => {
    const { out_trade_no, ...more } = wanted();
    await transactions.native.post({ out_trade_no, ...more });
    const close = () => transactions.outTradeNo.$out_trade_no$.close.post({ mchid: account.mch_id }, { out_trade_no });
    assert.equal((await close()).status, 204);
    assert.equal((await close()).status, 204);
    assert.equal((await order(out_trade_no)).trade_state, 'CLOSED');
  });

  test(`a refusal has status and code, ${mode}`, async () => {
    const out_trade_no = number();
    const refused = (status, code) => ({ response }) => response.status === status && response.data.code === code;
    await assert.rejects(
      transactions.outTradeNo.$out_trade_no$.get({ params, out_trade_no }),
      refused(404, 'ORDER_NOT_EXIST'),
    );
    await assert.rejects(transactions.native.post(wanted({ unknown: 1 })), refused(400, 'PARAM_ERROR'));
    await assert.rejects(transactions.jsapi.post(wanted()), refused(400, 'PARAM_ERROR'));
    await control('faults', { endpoint: 'native', kind: 'system_error', times: 1 });
    await assert.rejects(transactions.native.post(wanted()), refused(500, 'SYSTEM_ERROR'));
  });
}

test('another key of the merchant is refused', async () => {
  const stranger = client('certificate', { serial: '0'.repeat(40) });
  await assert.rejects(stranger.v3.pay.transactions.native.post(wanted()), ({ response }) => response.status === 401);
});
