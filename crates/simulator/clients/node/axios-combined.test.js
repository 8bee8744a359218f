import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { client, MODES, read } from './axios.js';
import { NotifyServer } from './notify-server.js';
import { account, control, number, openid, order, pay, resetSimulator, until } from './simulator.js';

const certs = Object.assign({}, ...Object.values(MODES));
let notifyServer;

before(async () => {
  notifyServer = await NotifyServer.start(() => [204, '']);
});
beforeEach(resetSimulator);
after(() => notifyServer.stop());

function wanted(more) {
  const combine_out_trade_no = number();
  const part = (n, total_amount) => ({
    mchid: account.mch_id,
    out_trade_no: `${combine_out_trade_no}-${n}`,
    attach: `第${n}部分`,
    description: '测试',
    amount: { total_amount, currency: 'CNY' },
    settle_info: { profit_sharing: false },
  });
  return {
    combine_appid: account.appid,
    combine_mchid: account.mch_id,
    combine_out_trade_no,
    sub_orders: [part(1, 1000), part(2, 990)],
    notify_url: notifyServer.url,
    ...more,
  };
}

for (const mode of Object.keys(MODES)) {
  const { v3 } = client(mode);
  const { combineTransactions } = v3;
  const payer = { combine_payer_info: { openid } };
  const scene = { payer_client_ip: '127.0.0.1', device_id: 'POS1:123' };
  const find = async combine_out_trade_no => {
    const { data } = await combineTransactions.outTradeNo.$combine_out_trade_no$.get({ combine_out_trade_no });
    return data;
  };

  test(`combined orders of each trade type are placed, ${mode}`, async () => {
    const place = async (way, more) => (await combineTransactions[way].post(wanted(more))).data;
    assert.match((await place('jsapi', { ...payer, scene_info: scene })).prepay_id, /^wx/);
    assert.match((await place('native')).code_url, /^weixin:/);
    assert.match((await place('app')).prepay_id, /^wx/);
    const scene_info = { ...scene, h5_info: { type: 'Wap' } };
    assert.match((await place('h5', { scene_info })).h5_url, /^https?:/);
  });

  test(`combined orders are paid, queried, notified and refunded, ${mode}`, async () => {
    const request = wanted(payer);
    const { combine_out_trade_no } = request;
    await combineTransactions.jsapi.post(request);
    assert.ok((await find(combine_out_trade_no)).sub_orders.every(part => part.trade_state === 'NOTPAY'));
    await pay({ combine_out_trade_no });

    const found = await find(combine_out_trade_no);
    assert.ok(found.sub_orders.every(part => part.trade_state === 'SUCCESS'));
    assert.equal(found.combine_payer_info.openid, openid);
    const received = await until(
      () => notifyServer.received.map(each => read(each, certs))
        .find(({ plain }) => plain.combine_out_trade_no === combine_out_trade_no),
      'the notification',
    );
    assert.equal(received.event_type, 'TRANSACTION.SUCCESS');
    assert.deepEqual(received.plain.sub_orders, found.sub_orders);

    const { out_trade_no } = request.sub_orders[0];
    const amount = { refund: 400, total: 1000, currency: 'CNY' };
    await v3.refund.domestic.refunds.post({ out_trade_no, out_refund_no: number('r'), amount });
    await control('clock', { advance_s: 2 });
    const { sub_orders } = await find(combine_out_trade_no);
    assert.deepEqual(sub_orders.map(part => part.trade_state).sort(), ['REFUND', 'SUCCESS']);
  });

  test(`combined orders are closed together, ${mode}`, async () => {
    const request = wanted(payer);
    const { combine_out_trade_no, combine_appid } = request;
    await combineTransactions.jsapi.post(request);
    const sub_orders = request.sub_orders.map(({ mchid, out_trade_no }) => ({ mchid, out_trade_no }));
    const close = combineTransactions.outTradeNo.$combine_out_trade_no$.close;
    const { status } = await close.post({ combine_appid, sub_orders }, { combine_out_trade_no });
    assert.equal(status, 204);
    for (const { out_trade_no } of sub_orders) assert.equal((await order(out_trade_no)).trade_state, 'CLOSED');
  });
}
