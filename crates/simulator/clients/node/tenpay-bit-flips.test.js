import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { TamperingProxy, flips } from './tampering-proxy.js';
import { NotifyServer } from './notify-server.js';
import { lead } from './host-names.js';
import { control, number, openid, pay, quiet, until } from './simulator.js';
import { client, receiver, SIGN_TYPES } from './tenpay.js';

let proxy;
before(async () => {
  await quiet();
  proxy = await TamperingProxy.start();
});
beforeEach(() => lead());
after(() => proxy.stop());

// V2 signs what a message says, not its bytes: a flip is refused, or nothing that was said has changed.
for (const sign_type of SIGN_TYPES) {
  test(`no flipped bit of a reply is believed, ${sign_type}`, async () => {
    const api = client();
    const out_trade_no = number();
    await api.unifiedOrder({ out_trade_no, body: '测试', total_fee: 1990, openid, attach: '附加', sign_type });
    await pay({ out_trade_no });
    const query = () => api.orderQuery({ out_trade_no, sign_type });
    const { said, answer } = await proxy.capture(query);
    let refused = 0;
    for (const { what, message } of flips(answer)) {
      proxy.answer = message;
      const heard = await query().catch(() => refused++ && undefined);
      if (heard) assert.deepEqual(heard, said, what);
    }
    assert.ok(refused > 500, `${refused} refusals`);
  });
}

for (const sign_type of SIGN_TYPES) {
  test(`no flipped bit of a notification is believed, ${sign_type}`, async () => {
    const believed = [];
    const receive = receiver(client(), 'pay', believed);
    const notifyServer = await NotifyServer.start(receive);
    // one that names its sign_type: every second one does
    const named = ({ body }) => sign_type === 'MD5' || body.includes('sign_type');
    while (!notifyServer.mail.some(named)) {
      const out_trade_no = number();
      const order = { out_trade_no, body: '测试', total_fee: 1990, openid, notify_url: notifyServer.url, sign_type };
      await client().unifiedOrder(order);
      await pay({ out_trade_no });
      await until(() => notifyServer.mail.some(({ body }) => body.includes(out_trade_no)), 'the notification');
    }
    await notifyServer.stop();
    const message = notifyServer.mail.find(named);
    const [said] = believed;
    for (const { what, message: { body } } of flips(message)) {
      believed.length = 0;
      const [, answer] = await receive({ body });
      if (believed.length) assert.deepEqual(believed[0], said, what);
      else assert.match(answer, /FAIL/, what);
    }
  });
}

test("an answer of the simulator's own spoiling is refused", async () => {
  const api = client();
  const out_trade_no = number();
  const order = { out_trade_no, body: '测试', total_fee: 1990, openid };
  const refund = { out_trade_no, out_refund_no: number('r'), total_fee: 1990, refund_fee: 1 };
  const spoiled = async (endpoint, call) => {
    await control('faults', { endpoint, kind: 'wrong_signature', times: 1 });
    await assert.rejects(call(), /^Error: sign签名错误$/, endpoint);
    await call();
  };
  await spoiled('unifiedorder', () => api.unifiedOrder(order));
  await pay({ out_trade_no });
  await spoiled('orderquery', () => api.orderQuery({ out_trade_no }));
  await spoiled('refund', () => api.refund(refund));
  await spoiled('refundquery', () => api.refundQuery({ out_trade_no }));
  const other = { ...order, out_trade_no: number() };
  await api.unifiedOrder(other);
  await spoiled('closeorder', () => api.closeOrder({ out_trade_no: other.out_trade_no }));
});
