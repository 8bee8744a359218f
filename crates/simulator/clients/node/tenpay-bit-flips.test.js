import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { TamperingProxy, flips } from './tampering-proxy.js';
import { NotifyServer } from './notify-server.js';
import { routeWechatTo } from './host-names.js';
import { control, number, openid, pay, resetSimulator, until } from './simulator.js';
import { client, receiver, SIGN_TYPES } from './tenpay.js';

let proxy;
before(async () => {
  await resetSimulator();
  proxy = await TamperingProxy.start();
});
beforeEach(() => routeWechatTo());
after(() => proxy.stop());

// V2 signs the fields and not the bytes: after a flip the message is refused or its fields are the same.
for (const sign_type of SIGN_TYPES) {
  test(`a reply with a flipped bit is refused or has the same fields, ${sign_type}`, async () => {
    const api = client();
    const out_trade_no = number();
    await api.unifiedOrder({ out_trade_no, body: '测试', total_fee: 1990, openid, attach: '附加', sign_type });
    await pay({ out_trade_no });
    const query = () => api.orderQuery({ out_trade_no, sign_type });
    const { result: expected, answer } = await proxy.capture(query);
    let refused = 0;
    for (const { what, message } of flips(answer)) {
      proxy.answer = message;
      const result = await query().catch(() => refused++ && undefined);
      if (result) assert.deepEqual(result, expected, what);
    }
    assert.ok(refused > 500, `${refused} refusals`);
  });
}

for (const sign_type of SIGN_TYPES) {
  test(`a notification with a flipped bit is refused or has the same fields, ${sign_type}`, async () => {
    const accepted = [];
    const receive = receiver(client(), 'pay', accepted);
    const notifyServer = await NotifyServer.start(receive);
    // every second notification contains its sign_type
    const named = ({ body }) => sign_type === 'MD5' || body.includes('sign_type');
    while (!notifyServer.received.some(named)) {
      const out_trade_no = number();
      const order = { out_trade_no, body: '测试', total_fee: 1990, openid, notify_url: notifyServer.url, sign_type };
      await client().unifiedOrder(order);
      await pay({ out_trade_no });
      await until(() => notifyServer.received.some(({ body }) => body.includes(out_trade_no)), 'the notification');
    }
    await notifyServer.stop();
    const message = notifyServer.received.find(named);
    const [expected] = accepted;
    for (const { what, message: { body } } of flips(message)) {
      accepted.length = 0;
      const [, answer] = await receive({ body });
      if (accepted.length) assert.deepEqual(accepted[0], expected, what);
      else assert.match(answer, /FAIL/, what);
    }
  });
}

test("a response with a signature fault is refused", async () => {
  const api = client();
  const out_trade_no = number();
  const order = { out_trade_no, body: '测试', total_fee: 1990, openid };
  const refund = { out_trade_no, out_refund_no: number('r'), total_fee: 1990, refund_fee: 1 };
  const refusedWithFault = async (endpoint, call) => {
    await control('faults', { endpoint, kind: 'wrong_signature', times: 1 });
    await assert.rejects(call(), /^Error: sign签名错误$/, endpoint);
    await call();
  };
  await refusedWithFault('unifiedorder', () => api.unifiedOrder(order));
  await pay({ out_trade_no });
  await refusedWithFault('orderquery', () => api.orderQuery({ out_trade_no }));
  await refusedWithFault('refund', () => api.refund(refund));
  await refusedWithFault('refundquery', () => api.refundQuery({ out_trade_no }));
  const other = { ...order, out_trade_no: number() };
  await api.unifiedOrder(other);
  await refusedWithFault('closeorder', () => api.closeOrder({ out_trade_no: other.out_trade_no }));
});
