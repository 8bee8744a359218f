// Fills a new demo shop: a shopper with a balance, and an order in each state of an after-sale. It acts over HTTP as the shopper
// and as staff do. Arguments: the phone's address, the simulated WeChat's address, the name and the password of a member of
// staff. It prints the address that opens the shopper's orders.
const [phone, wechat, name, password] = process.argv.slice(2);

/** A browser that keeps cookies and follows no redirect. */
class Browser {
  cookies = new Map();

  async send(path, { method = 'GET', form, body, type } = {}) {
    const url = path.startsWith('http') ? path : phone + path;
    const headers = { cookie: [...this.cookies].map(pair => pair.join('=')).join('; '), origin: phone };
    if (form) {
      body = new URLSearchParams(form).toString();
      type = 'application/x-www-form-urlencoded';
    }
    if (type) headers['content-type'] = type;
    const answer = await fetch(url, { method, headers, body, redirect: 'manual' });
    for (const cookie of answer.headers.getSetCookie()) {
      const [key, value] = cookie.split(';')[0].split(/=(.*)/s);
      if (value === '') this.cookies.delete(key);
      else this.cookies.set(key, value);
    }
    return answer;
  }

  /** Follows redirects, as a browser does. */
  async open(path) {
    let answer = await this.send(path);
    for (let step = 0; step < 10 && answer.status >= 300 && answer.status < 400; step++) {
      answer = await this.send(new URL(answer.headers.get('location'), answer.url).href);
    }
    return answer;
  }

  /** Sends a form that must succeed; the place that it leads to. */
  async post(path, form = {}) {
    const answer = await this.send(path, { method: 'POST', form });
    if (answer.status !== 303) throw new Error(`${path}: ${answer.status} ${(await answer.text()).slice(0, 400)}`);
    return answer.headers.get('location');
  }
}

async function control(path, body) {
  const answer = await fetch(`${wechat}/_simulator/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`/_simulator/${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const shopper = new Browser();
const staff = new Browser();
const user = await control('users', { nickname: '演示买家' });
await shopper.open(`/_phone/user?openid=${user.openid}&next=/healthz`);
await shopper.open('/api/wechat/redirect?callback=%2Fhealthz&scope=snsapi_base');
const signedIn = await staff.post('/console/sign-in', { name, password, code: '' });
if (!signedIn.endsWith('/console')) throw new Error(`${name} cannot sign in`);

/** Waits until a page says a word. */
async function until(browser, path, word) {
  for (let round = 0; round < 100; round++) {
    if ((await (await browser.send(path)).text()).includes(word)) return;
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error(`${path} does not say ${word}`);
}

const home = { to: 'new', name: '王小明', phone: '13800138000', city: '浙江省 杭州市', region: '西湖区', detail: '某路 1 号' };

/** Buys pieces and pays. */
async function buy(sku, quantity) {
  const placed = await shopper.post('/orders', { sku, quantity: String(quantity), ...home });
  const id = /\d{20,}/.exec(placed)[0];
  await shopper.post(`/orders/${id}/pay`);
  const { orders } = await control('ledger');
  await control('pay', { out_trade_no: orders.findLast(order => order.out_trade_no.startsWith(id)).out_trade_no, outcome: 'ok' });
  await until(staff, `/console/orders/${id}`, 'class="tag paid"');
  return id;
}

async function ship(id) {
  const form = { parcel: '1', correct: '', carrier: '顺丰速运', tracking_no: `SF${id.slice(-10)}`, more: '' };
  await staff.post(`/console/orders/${id}/ship`, form);
}

/** Asks for an after-sale of one piece; its number. */
async function ask(id, kind, reason) {
  const form = new FormData();
  form.set('kind', kind);
  form.set('pieces-1', '1');
  form.set('reason', reason);
  const request = new Request('http://localhost', { method: 'POST', body: form });
  const type = request.headers.get('content-type');
  const body = await request.text();
  const answer = await shopper.send(`/orders/${id}/after-sale`, { method: 'POST', body, type });
  if (answer.status !== 303) throw new Error(`after-sale: ${answer.status} ${(await answer.text()).slice(0, 400)}`);
  return answer.headers.get('location').split('/').pop();
}

const agree = id => staff.post(`/console/after-sales/${id}/agree`, { answer: '退货组 13800138000，上海市徐汇区衡山路 1 号' });
const refund = (id, fee) => staff.post(`/console/after-sales/${id}/refund`, { fee, number: `${id}R` });
const sendBack = (order, id) => shopper.post(`/orders/${order}/after-sales/${id}/parcel`, { carrier: '中通快递', tracking_no: `ZT${order.slice(-10)}` });

// a balance, and its ledger
const topUp = await (await shopper.send('/api/wechat/pay/payWallet', { method: 'POST', form: { money: '20000' } })).json();
await control('pay', { out_trade_no: topUp.data.out_trade_no, outcome: 'ok' });
await until(shopper, '/wallet', '200.00');

const requested = await buy('mug-celadon-300', 1);
await ask(requested, 'refund', '不想要了');

const withdrawn = await buy('mug-celadon-300', 1);
await shopper.post(`/orders/${withdrawn}/after-sales/${await ask(withdrawn, 'refund', '点错了')}/withdraw`);

const declined = await buy('test-sticker-1', 2);
await ship(declined);
const declinedId = await ask(declined, 'refund', '颜色和图片不一样');
await staff.post(`/console/after-sales/${declinedId}/decline`, { answer: '手工染色有细微差别，商品页已说明' });

const returning = await buy('mug-celadon-450', 2);
await ship(returning);
await agree(await ask(returning, 'return', '买大了'));

const returned = await buy('mug-celadon-300', 2);
await ship(returned);
const returnedId = await ask(returned, 'return', '有一只有裂纹');
await agree(returnedId);
await sendBack(returned, returnedId);

const received = await buy('pen-brass-f', 1);
await ship(received);
const receivedId = await ask(received, 'return', '写起来太细');
await agree(receivedId);
await sendBack(received, receivedId);
await staff.post(`/console/after-sales/${receivedId}/receive`);

const refunded = await buy('mug-celadon-450', 1);
await refund(await ask(refunded, 'refund', '不想要了'), '1.00');

// WeChat closes one refund, and the payer's account does not take another
const failed = await buy('vase-stoneware-1', 1);
await control('refund', { outcome: 'closed', times: 1 });
await refund(await ask(failed, 'refund', '家里已经有了'), '118.00');

const abnormal = await buy('eucalyptus-dry-1', 1);
await control('refund', { outcome: 'abnormal', times: 1 });
await refund(await ask(abnormal, 'refund', '收件人过敏'), '56.00');

console.log(`${phone}/_phone/user?openid=${user.openid}&next=/orders`);
