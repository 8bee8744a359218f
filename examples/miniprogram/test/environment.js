// Functions that call the simulator and the shop of run.sh.

const { createHmac } = require('node:crypto');
const { Phone } = require('./phone.js');

const { SIMULATOR_URL, PHONE_URL, SHOP_URL, ADMIN_KEY, SESSION_KEY, DEMO_PASSWORD } = process.env;
if (!SIMULATOR_URL) throw new Error('start the tests with run.sh');

async function json(url, options) {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...options });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

function control(path, body) {
  return json(`${SIMULATOR_URL}/_simulator/${path}`, body && { method: 'POST', body: JSON.stringify(body) });
}

/** The phone of a new user, with the product list open. */
async function shopper(name) {
  const user = await control('users', { nickname: name });
  const phone = new Phone({ simulator: SIMULATOR_URL, phone: PHONE_URL, shop: SHOP_URL }, user);
  await phone.open('/pages/list/list');
  return phone;
}

/** The user's orders in WeChat, of the mini program and of the official account. */
async function ordersOf({ user }) {
  const { orders } = await control('ledger');
  return orders.filter(({ openid }) => openid === user.miniprogram_openid || openid === user.openid);
}

/** The order in the shop. */
async function shopOrder(id) {
  const { data } = await json(`${SHOP_URL}/api/admin/orders/${id}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  return data;
}

/** The shop's order id of an order in WeChat: the payment number starts with it. */
function orderId({ out_trade_no }) {
  return out_trade_no.slice(0, 24);
}

/** Waits until the order has this state. WeChat's notification arrives a moment after the payment. */
async function waitForState(state, id) {
  for (let tries = 0; ; tries++) {
    const order = await shopOrder(id);
    if (order.state === state || tries === 200) return order;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

/** A valid token of the shop that expired an hour ago. */
function expiredToken({ user }) {
  const text = `${user.miniprogram_openid}.${Math.floor(Date.now() / 1000) - 3 * 3600}`;
  return `${text}.${createHmac('sha256', SESSION_KEY).update(`miniprogram\0${text}`).digest('hex')}`;
}

/** Logs in and places an order on the shop's pages. Returns the link to the mini program's payment page. */
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

/** Staff send the order, and WeChat knows it. */
async function ship(id) {
  const post = (path, form, cookie = '') =>
    fetch(SHOP_URL + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: PHONE_URL, cookie },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(10_000),
    });
  const signedIn = await post('/console/sign-in', { name: 'demo', password: DEMO_PASSWORD, code: '' });
  const cookie = signedIn.headers.getSetCookie()[0].split(';')[0];
  const shipped = await post(`/console/orders/${id}/ship`, { carrier: '圆通', tracking_no: 'YT1' }, cookie);
  if (shipped.status !== 303) throw new Error(`not shipped: ${shipped.status} ${await shipped.text()}`);
  for (let tries = 0; tries < 200; tries++) {
    const { requests } = await control('requests');
    const known = ({ path, verdict }) => path.startsWith('/wxa/sec/order/upload_shipping_info') && verdict === 'accepted';
    if (requests.some(request => known(request) && request.request.includes('YT1'))) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('the shop did not report the delivery');
}

module.exports = { ship, shopOrder, waitForState, control, expiredToken, orderId, orderInWebView, ordersOf, shopper };
