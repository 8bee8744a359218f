// Writes signed messages of the simulator and the keys that verify them into one file, for the tests of crates/wechat.
//   ./run.sh node node/capture-messages.js ../../wechat/tests/captured.json

import { writeFileSync } from 'node:fs';
import { client as axios, MODES } from './axios.js';
import { TamperingProxy } from './tampering-proxy.js';
import { NotifyServer } from './notify-server.js';
import { routeWechatTo } from './host-names.js';
import { account, control, number, openid, pay, resetSimulator, until } from './simulator.js';
import { client as tenpay, SIGN_TYPES } from './tenpay.js';

const SIGNATURE_HEADERS = ['timestamp', 'nonce', 'serial', 'signature', 'signature-type']
  .map(name => `wechatpay-${name}`);
const signedPart = ({ headers, body }) => ({
  headers: Object.fromEntries(SIGNATURE_HEADERS.filter(name => name in headers).map(name => [name, headers[name]])),
  body: body.toString(),
});

await resetSimulator();
// without this the fields of a payment depend on its number
await control('account', { notification_extras: false });
const proxy = await TamperingProxy.start();
const notifyServer = await NotifyServer.start(() => [200, '<xml><return_code>SUCCESS</return_code></xml>']);
const captured = [];

async function capture(more, place, query) {
  const out_trade_no = number();
  await place(out_trade_no);
  await pay({ out_trade_no });
  const notification = await until(() => notifyServer.received.pop(), 'the notification');
  captured.push({ kind: 'notification', ...more, out_trade_no, ...signedPart(notification) });
  const { answer } = await proxy.capture(() => query(out_trade_no));
  captured.push({ kind: 'answer', ...more, out_trade_no, ...signedPart(answer) });
  routeWechatTo();
}

for (const sign_type of SIGN_TYPES) {
  const api = tenpay({ notify_url: notifyServer.url });
  await capture(
    { api: 'v2', sign_type },
    out_trade_no => api.unifiedOrder({ out_trade_no, body: '茶', total_fee: 1990, openid, attach: '附加', sign_type }),
    out_trade_no => api.orderQuery({ out_trade_no, sign_type }),
  );
}
for (const mode of Object.keys(MODES)) {
  const { transactions } = axios(mode).v3.pay;
  await capture(
    { api: 'v3', mode },
    out_trade_no => transactions.jsapi.post({
      appid: account.appid,
      mchid: account.mch_id,
      description: '茶',
      out_trade_no,
      attach: '附加',
      notify_url: notifyServer.url,
      amount: { total: 1990 },
      payer: { openid },
    }),
    out_trade_no => transactions.outTradeNo.$out_trade_no$.get({ params: { mchid: account.mch_id }, out_trade_no }),
  );
}
await notifyServer.stop();
await proxy.stop();

const ACCOUNT_FIELDS = [
  'appid', 'mch_id', 'api_v2_key', 'api_v3_key', 'platform_cert_pem', 'public_key_id', 'public_key_pem',
];
const keys = Object.fromEntries(ACCOUNT_FIELDS.map(name => [name, account[name]]));
writeFileSync(process.argv[2], `${JSON.stringify({ account: keys, captured }, null, 1)}\n`);
