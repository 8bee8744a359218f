// A sample: wechatpay-axios-plugin, unchanged, places an order, and the simulator pays it.

import assert from 'node:assert/strict';
import https from 'node:https';
import test from 'node:test';
import plugin from 'wechatpay-axios-plugin';
import { fixture } from 'wechat-simulator';

const wechat = fixture(test);

test('an order is paid', async () => {
  const account = await wechat().account();
  const client = new plugin.Wechatpay({
    mchid: account.mch_id,
    serial: account.merchant_serial,
    privateKey: account.merchant_private_key_pem,
    certs: { [account.platform_serial]: account.platform_cert_pem },
    baseURL: `${wechat().tlsUrl}/`,
    httpsAgent: new https.Agent({ ca: account.ca_pem }),
    proxy: false,
  });
  const { data } = await client.v3.pay.transactions.native.post({
    appid: account.appid, mchid: account.mch_id, description: 'tea', out_trade_no: 'order1',
    notify_url: 'http://127.0.0.1:9/notify', amount: { total: 100 },
  });
  assert.match(data.code_url, /^weixin:/);
  assert.equal((await wechat().pay('order1')).trade_state, 'SUCCESS');
  // nothing listens at the notify_url
  assert.equal((await wechat().notified('order1')).attempts[0].acknowledged, false);
  await assert.rejects(wechat().notified('order1', 'refund', 0), /no notify_url/);
});

test('each test has a world of its own', async () => {
  assert.deepEqual((await wechat().ledger()).orders, []);
  await assert.rejects(wechat().pay('order1'), /order1/);
});

test('a world may have a second merchant', async () => {
  const added = await wechat().addAccounts({ merchants: [{ mch_id: '1900000999' }] });
  assert.deepEqual(added.merchants.map(merchant => merchant.mch_id), ['1900000109', '1900000999']);
  await assert.rejects(wechat().addAccounts({ merchants: [{ mch_id: '1900000999' }] }), /used twice/);
});

test('a wrong signature is explained', async () => {
  await fetch(`${wechat().url}/v3/certificates`, { headers: { authorization: 'Bearer x' } });
  const request = (await wechat().requests()).at(-1);
  assert.match(request.sentence, /WECHATPAY2-SHA256-RSA2048/);
});
