// co-wechat-api without changes: the access token, the tickets, and the signature for `wx.config`.

import './host-names.js';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import WechatAPI from 'co-wechat-api';
import { config, page } from './phone.js';
import { account, control, resetSimulator } from './simulator.js';

const IP_WHITELIST = account.registered.ip_whitelist;
let api;

beforeEach(async () => {
  await resetSimulator();
  api = new WechatAPI(account.appid, account.secret);
});
afterEach(() => control('account', { ip_whitelist: IP_WHITELIST }));

const tokens = async () => (await control('ledger')).tokens;

test('an access token is fetched once and reused', async () => {
  const before = (await tokens()).length;
  const { accessToken } = await api.ensureAccessToken();
  assert.equal((await api.ensureAccessToken()).accessToken, accessToken);
  assert.equal((await tokens()).length, before + 1);
  assert.notEqual((await api.getAccessToken()).accessToken, accessToken);
});

test('a ticket is fetched once and reused', async () => {
  const { ticket } = await api.getTicket();
  assert.equal((await api.getLatestTicket()).ticket, ticket);
  assert.notEqual((await api.getTicket('wx_card')).ticket, ticket);
});

test('the phone accepts a configuration only on its page', async () => {
  const jsApiList = ['updateAppMessageShareData', 'chooseWXPay'];
  for (const url of [page, `${page}goods?id=1&name=%E7%AC%94`, `${page}goods?a=b/c&d=`]) {
    const jsConfig = await api.getJsConfig({ url, jsApiList });
    assert.equal(await config(jsConfig, url), 'preVerifyJSAPI:ok');
    assert.equal(await config(jsConfig, `${url}x`), 'preVerifyJSAPI:invalid signature');
    assert.equal(await config({ ...jsConfig, nonceStr: `${jsConfig.nonceStr}x` }, url), 'preVerifyJSAPI:invalid signature');
    assert.equal(await config({ ...jsConfig, appId: 'wx0000000000000000' }, url), 'preVerifyJSAPI:invalid appid');
  }
  const jsConfig = await api.getJsConfig({ url: 'https://elsewhere.test/', jsApiList });
  assert.equal(await config(jsConfig, 'https://elsewhere.test/'), 'preVerifyJSAPI:invalid url domain');
});

test('a ticket for cards does not configure a page', async () => {
  await api.saveTicketToken('jsapi', await api.getTicket('wx_card'));
  const jsConfig = await api.getJsConfig({ url: page, jsApiList: ['chooseWXPay'] });
  assert.equal(await config(jsConfig, page), 'preVerifyJSAPI:invalid signature');
});

test('a card is signed with its own ticket', async () => {
  const jsConfig = await api.getCardExt({ card_id: 'p-h', code: '1234' });
  assert.match(jsConfig.signature, /^[0-9a-f]{40}$/);
});

test('a token that WeChat does not know is replaced, 40001', async () => {
  await api.saveToken({ accessToken: `${'0'.repeat(100)}`, expireTime: Date.now() + 60_000 });
  const { ticket } = await api.getTicket();
  assert.ok(ticket);
  assert.notEqual((await api.getToken()).accessToken, '0'.repeat(100));
});

test('an expired token is replaced, 42001', async () => {
  const { accessToken } = await api.getAccessToken();
  await control('clock', { advance_s: 7201 });
  await api.saveToken({ accessToken, expireTime: Date.now() + 60_000 });
  assert.ok((await api.getTicket()).ticket);
  assert.notEqual((await api.getToken()).accessToken, accessToken);
});

test('the previous token is valid for five more minutes', async () => {
  const old = await api.getAccessToken();
  await api.getAccessToken();
  await api.saveToken(old);
  await api.getTicket();
  assert.equal((await api.getToken()).accessToken, old.accessToken);
  await control('clock', { advance_s: 301 });
  await api.getTicket();
  assert.notEqual((await api.getToken()).accessToken, old.accessToken);
});

test('refusals have their error codes', async () => {
  const code = code => error => error.name === 'WeChatAPIError' && error.code === code;
  await assert.rejects(new WechatAPI(account.appid, 'wrong').getAccessToken(), code(40125));
  await assert.rejects(new WechatAPI('wx0000000000000000', account.secret).getAccessToken(), code(40013));
  await control('account', { ip_whitelist: ['192.0.2.1'] });
  await assert.rejects(api.getAccessToken(), code(40164));
  await control('account', { ip_whitelist: IP_WHITELIST });
  await control('faults', { endpoint: 'getticket', kind: 'system_error', times: 1 });
  await assert.rejects(api.getTicket(), code(-1));
});

test('a login code of the mini program returns the user once', async () => {
  const program = new WechatAPI(account.miniprogram_appid, account.miniprogram_secret);
  const { code } = await control('miniprogram', {});
  const session = await program.code2Session(code);
  assert.ok(session.openid);
  assert.equal(Buffer.from(session.session_key, 'base64').length, 16);
  await assert.rejects(program.code2Session(code), error => error.code === 40163);
});
