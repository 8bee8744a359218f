import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Aes, client, MODES, read } from './axios.js';
import { TamperingProxy, flipped, flips } from './tampering-proxy.js';
import { NotifyServer } from './notify-server.js';
import { routeWechatTo } from './host-names.js';
import { account, control, number, openid, pay, resetSimulator, until } from './simulator.js';

let proxy;
before(async () => {
  await resetSimulator();
  proxy = await TamperingProxy.start();
});
beforeEach(() => routeWechatTo());
after(() => proxy.stop());

const params = { mchid: account.mch_id };

async function paid(api, more) {
  const out_trade_no = number();
  await api.v3.pay.transactions.jsapi.post({
    appid: account.appid,
    mchid: account.mch_id,
    description: '测试',
    out_trade_no,
    notify_url: 'http://127.0.0.1:9/notify',
    amount: { total: 1990 },
    payer: { openid },
    ...more,
  });
  await pay({ out_trade_no });
  return out_trade_no;
}

for (const mode of Object.keys(MODES)) {
  test(`each flipped bit of a V3 response is refused, ${mode}`, async () => {
    const api = client(mode);
    const out_trade_no = await paid(api);
    const query = async () => {
      return (await api.v3.pay.transactions.outTradeNo.$out_trade_no$.get({ params, out_trade_no })).data;
    };
    const { answer } = await proxy.capture(query);
    await query();
    for (const { what, message } of flips(answer)) {
      proxy.answer = message;
      await assert.rejects(query(), /EV3_RES|verify|Verify|header|Cannot found|time offset/, what);
    }
    proxy.answer = answer;
    await query();
  });

  test(`each flipped bit of a V3 notification is refused, ${mode}`, async () => {
    const notifyServer = await NotifyServer.start(() => [200, '']);
    await paid(client(mode), { notify_url: notifyServer.url });
    const message = await until(() => notifyServer.received[0], 'the notification');
    await notifyServer.stop();
    read(message, MODES[mode]);
    for (const { what, message: other } of flips(message)) assert.throws(() => read(other, MODES[mode]), what);

    // also flip bits of the encrypted part alone
    const { ciphertext, nonce, associated_data } = JSON.parse(message.body).resource;
    const hidden = [Buffer.from(ciphertext, 'base64'), Buffer.from(nonce), Buffer.from(associated_data)];
    const decrypted = ([text, iv, data]) =>
      Aes.AesGcm.decrypt(text.toString('base64'), account.api_v3_key, iv, data.toString('latin1'));
    decrypted(hidden);
    for (const [part, bytes] of hidden.entries()) {
      for (let at = 0; at < bytes.length; at++) {
        const other = hidden.with(part, flipped(bytes, at, byte => part === 0 || byte < 0x80));
        assert.throws(() => decrypted(other), `byte ${at} of part ${part}`);
      }
    }
  });
}

test('a response without one of the headers is refused', async () => {
  const api = client();
  const { answer } = await proxy.capture(() => api.v3.certificates.get());
  for (const name of ['timestamp', 'nonce', 'serial', 'signature']) {
    const headers = { ...answer.headers };
    delete headers[`wechatpay-${name}`];
    proxy.answer = { ...answer, headers };
    await assert.rejects(api.v3.certificates.get(), { code: 'EV3_RES_HEADERS_INCOMPLATE' });
  }
});

for (const kind of ['wrong_signature', 'unknown_serial', 'stale_time', 'future_time', 'signtest']) {
  test(`a response with a signature fault is refused: ${kind}`, async () => {
    const api = client();
    await control('faults', { endpoint: 'certificates', kind, times: 1 });
    await assert.rejects(api.v3.certificates.get(), /^AxiosError|EV3_RES/);
    await api.v3.certificates.get();
  });
}

// V2 signs the fields and not the bytes, and no empty fields. The XML parser of this client is lenient
const signed = fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
for (const sign_type of ['MD5', 'HMAC-SHA256']) {
  test(`a V2 response with a flipped bit is refused or has the same fields, ${sign_type}`, async () => {
    const { v2 } = client();
    const own = { appid: account.appid, mch_id: account.mch_id, sign_type };
    const out_trade_no = number();
    const order = { out_trade_no, body: '测试', total_fee: 1990, spbill_create_ip: '127.0.0.1', openid };
    await v2.pay.unifiedorder.post({ ...own, ...order, trade_type: 'JSAPI', notify_url: 'http://127.0.0.1:9/n' });
    await pay({ out_trade_no });
    const query = async () => (await v2.pay.orderquery.post({ ...own, out_trade_no })).data;
    const { result: expected, answer } = await proxy.capture(query);
    let refused = 0;
    for (const { what, message } of flips(answer)) {
      proxy.answer = message;
      const result = await query().catch(() => refused++ && undefined);
      if (result) assert.deepEqual(signed(result), signed(expected), what);
    }
    assert.ok(refused > 400, `${refused} refusals`);
  });
}
