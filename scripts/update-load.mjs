// Shoppers who look, order in the mini program, pay, and wait until the shop says "paid". scripts/update-drill.sh starts it.
// usage: node update-load.mjs SHOP-URL SIMULATOR-URL SHOPPERS ADMIN-KEY      ends on SIGTERM and prints what happened as JSON

const [shop, wechat, shoppers, adminKey] = process.argv.slice(2);
const failures = [];
const paid = [];
let requests = 0;
let stopping = false;
process.on('SIGTERM', () => (stopping = true));

/** One request. Anything but a 200 counts as a failure, and so does a connection that breaks. */
async function ask(url, options = {}) {
  requests++;
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...options });
    const text = await response.text();
    if (response.status === 200) return text;
    fail(`${options.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 200)}`);
  } catch (error) {
    fail(`${options.method ?? 'GET'} ${url}: ${error.cause?.code ?? error.message}`);
  }
}

function fail(what) {
  failures.push(`${new Date().toISOString().slice(11, 23)} ${what}`);
}

async function post(url, body, token) {
  const authorization = token && { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  const text = await ask(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return text && JSON.parse(text);
}

async function waitUntilPaid(order) {
  for (let tries = 0; tries < 100; tries++) {
    const text = await ask(`${shop}/api/admin/orders/${order}`, { headers: { authorization: `Bearer ${adminKey}` } });
    if (text && JSON.parse(text).data.state === 'paid') return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  fail(`order ${order} is paid in WeChat, and not in the shop`);
}

async function shopper() {
  while (!stopping) {
    await ask(`${shop}/`);
    await ask(`${shop}/products/test-sticker`);
    const user = await post(`${wechat}/_simulator/users`, { nickname: '买家' });
    const login = await post(`${wechat}/_simulator/miniprogram`, { openid: user?.openid });
    const token = (await post(`${shop}/api/miniprogram/login`, { code: login?.code }))?.data?.token;
    const items = [{ sku: 'test-sticker-1', quantity: 1 }];
    const order = (await post(`${shop}/api/miniprogram/pay`, { items }, token))?.data;
    if (!order) continue;
    await post(`${wechat}/_simulator/pay`, { out_trade_no: order.out_trade_no, outcome: 'ok' });
    paid.push(order.out_trade_no);
    await waitUntilPaid(order.order);
  }
}

await Promise.all(Array.from({ length: Number(shoppers) }, shopper));
console.log(JSON.stringify({ requests, paid, failures }));
