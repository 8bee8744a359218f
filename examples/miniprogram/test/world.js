// The simulator and the shop that run.sh has started, beside the phone.

const { createHmac } = require('node:crypto');
const { Phone } = require('./phone.js');

const { SIMULATOR_URL, PHONE_URL, SHOP_URL, ADMIN_KEY, SESSION_KEY } = process.env;
if (!SIMULATOR_URL) throw new Error('started by run.sh, not by hand');

async function json(url, options) {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...options });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

function control(path, body) {
  return json(`${SIMULATOR_URL}/_simulator/${path}`, body && { method: 'POST', body: JSON.stringify(body) });
}

/** Somebody who has never been in the shop, with the mini program's list open. */
async function shopper(name) {
  const user = await control('users', { nickname: name });
  const phone = new Phone({ simulator: SIMULATOR_URL, phone: PHONE_URL, shop: SHOP_URL }, user);
  await phone.open('/pages/list/list');
  return phone;
}

/** Her orders, as WeChat has them: through the mini program or through the official account. */
async function ordersOf({ user }) {
  const { orders } = await control('ledger');
  return orders.filter(({ openid }) => openid === user.miniprogram_openid || openid === user.openid);
}

/** An order as the shop has it. */
async function atShop(id) {
  const { data } = await json(`${SHOP_URL}/api/admin/orders/${id}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  return data;
}

/** The shop's order behind one of WeChat's: a payment's number begins with it. */
function orderId({ out_trade_no }) {
  return out_trade_no.slice(0, 24);
}

/** Asks until the shop says so; WeChat's notification comes a moment later. */
async function comesToBe(state, id) {
  for (let tries = 0; ; tries++) {
    const order = await atShop(id);
    if (order.state === state || tries === 200) return order;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

/** A genuine token of the shop that ended an hour ago. */
function endedToken({ user }) {
  const text = `${user.miniprogram_openid}.${Math.floor(Date.now() / 1000) - 3 * 3600}`;
  return `${text}.${createHmac('sha256', SESSION_KEY).update(`miniprogram\0${text}`).digest('hex')}`;
}

/** Places an order on the shop's own pages, logged in there; gives the link with which the page opens the mini program. */
async function orderInWebView(user, sku, quantity = 1) {
  const cookies = new Map([['phone_user', user.openid]]);
  const ask = async (path, form) => {
    const response = await fetch(new URL(path, PHONE_URL), {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      headers: {
        'user-agent': 'iPhone MicroMessenger/8.0.49 miniProgram/wx8b3f6a1d0c9e2745',
        accept: 'text/html',
        origin: PHONE_URL,
        cookie: [...cookies].map(pair => pair.join('=')).join('; '),
      },
      signal: AbortSignal.timeout(10_000),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    return response;
  };
  let at = '/api/wechat/redirect?callback=/&scope=snsapi_base';
  for (let hops = 0; at && hops < 5; hops++) at = (await ask(at)).headers.get('location');
  const placed = await ask('/orders', { sku, quantity });
  const page = await (await ask(placed.headers.get('location'))).text();
  return /data-miniprogram="([^"]+)"/.exec(page)[1].replaceAll('&amp;', '&');
}

module.exports = { atShop, comesToBe, control, endedToken, orderId, orderInWebView, ordersOf, shopper };
