// Tests of purchases in the mini program. Each test has a new user and a new phone.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { waitForState, control, expiredToken, orderId, orderInWebView, ordersOf, shopper } = require('./environment.js');

const LOGIN = 'POST /api/miniprogram/login';
const PAY = 'POST /api/miniprogram/pay';

function count(requests, wanted) {
  return requests.filter(request => request === wanted).length;
}

test('the first payment logs the user in, and the shop has a paid order', async () => {
  const phone = await shopper('buys');
  const mug = phone.page.data.products.find(({ id }) => id === 'mug-celadon');
  assert.deepEqual(mug.skus.map(({ sku, yuan }) => [sku, yuan]), [
    ['mug-celadon-300', '59.00'],
    ['mug-celadon-450', '69.00'],
  ]);
  for (const by of [1, 1, 1, -1]) phone.tap('change', { sku: 'mug-celadon-300', by });
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  assert.equal(phone.page.data.total, '118.01');
  await phone.tap('buy');

  assert.deepEqual(phone.requests, ['GET /api/miniprogram/products', LOGIN, PAY]);
  assert.deepEqual(phone.payments.map(({ amount, ended }) => [amount, ended]), [['¥118.01', 'ok']]);
  assert.deepEqual(phone.messages, ['支付成功：我们会尽快发货']);
  assert.deepEqual([phone.page.data.counts, phone.page.data.total, phone.page.data.paying], [{}, '0.00', false]);
  const orders = await ordersOf(phone);
  assert.deepEqual(orders.map(order => [order.trade_state, order.total_fee]), [['SUCCESS', 11801]]);
  assert.equal(orders[0].openid, phone.user.miniprogram_openid);
  const order = await waitForState('paid', orderId(orders[0]));
  assert.deepEqual([order.state, order.total_fee], ['paid', 11801]);
  const { miniprogram_appid } = await control('account');
  assert.deepEqual(order.attempts.map(({ state, appid }) => [state, appid]), [['paid', miniprogram_appid]]);
});

test('a quantity stays between 0 and 99', async () => {
  const phone = await shopper('counts');
  const sku = 'test-sticker-1';
  phone.tap('change', { sku, by: -1 });
  assert.equal(phone.page.data.counts[sku], 0);
  for (let taps = 0; taps < 101; taps++) phone.tap('change', { sku, by: 1 });
  assert.deepEqual([phone.page.data.counts[sku], phone.page.data.total], [99, '0.99']);
});

test('without items the user sees a message and no order is placed', async () => {
  const phone = await shopper('chooses nothing');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.tap('change', { sku: 'test-sticker-1', by: -1 });
  await phone.tap('buy');
  assert.deepEqual(phone.messages, ['请先选择商品']);
  assert.equal(count(phone.requests, PAY), 0);
});

test('a cancelled payment can be paid later as the same order', async () => {
  const phone = await shopper('cancels');
  // the stock is one, so a second order would fail
  phone.tap('change', { sku: 'throw-wool-1', by: 1 });
  phone.paymentOutcome = 'cancel';
  await phone.tap('buy');
  assert.deepEqual([phone.messages, phone.page.data.total], [[], '258.00']);
  const [{ trade_state }] = await ordersOf(phone);
  assert.equal(trade_state, 'NOTPAY');
  phone.paymentOutcome = 'ok';
  await phone.tap('buy');
  const orders = await ordersOf(phone);
  assert.deepEqual(orders.map(order => order.trade_state), ['SUCCESS']);
  assert.equal((await waitForState('paid', orderId(orders[0]))).state, 'paid');
});

test('after a cancelled payment other items are a new order', async () => {
  const phone = await shopper('changes the items');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.paymentOutcome = 'cancel';
  await phone.tap('buy');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.paymentOutcome = 'ok';
  await phone.tap('buy');
  assert.deepEqual(phone.payments.map(({ amount, ended }) => [amount, ended]), [
    ['¥0.01', 'cancel'],
    ['¥0.02', 'ok'],
  ]);
});

test('a failed payment shows a message, and the next payment can succeed', async () => {
  const phone = await shopper('fails');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.paymentOutcome = 'fail';
  await phone.tap('buy');
  assert.deepEqual(phone.messages, ['支付没有成功：请稍后再试']);
  assert.equal(phone.page.data.paying, false);
  phone.paymentOutcome = 'ok';
  await phone.tap('buy');
  assert.equal(phone.messages.at(-1), '支付成功：我们会尽快发货');
});

test('an expired token causes one new login', async () => {
  const phone = await shopper('comes back');
  phone.storage.set('token', expiredToken(phone));
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.requests.slice(1), [PAY, LOGIN, PAY]);
  assert.deepEqual(phone.messages, ['支付成功：我们会尽快发货']);

  // the new token is stored
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.equal(count(phone.requests, LOGIN), 1);
  assert.equal((await ordersOf(phone)).length, 2);
});

test('if the login fails, the user sees a message and the calls stop', async () => {
  const phone = await shopper('cannot log in');
  phone.storage.set('token', expiredToken(phone));
  phone.login = async () => ({ code: 'nothing' });
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.requests.slice(1), [PAY, LOGIN]);
  assert.deepEqual(phone.messages, ['没有下单：登录链接已失效，请重新登录']);
  phone.login = async () => {
    throw new Error('system error');
  };
  await phone.tap('buy');
  assert.equal(phone.messages.at(-1), '没有下单：微信登录失败，请稍后再试');
});

test('a product that is out of stock shows a message', async () => {
  const phone = await shopper('is late');
  phone.tap('change', { sku: 'slippers-linen-m', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.messages, ['没有下单：库存不足，请减少数量或选择其他商品']);
  assert.deepEqual([phone.payments, await ordersOf(phone)], [[], []]);
});

test('two quick taps place one order and open one payment sheet', async () => {
  const phone = await shopper('taps twice');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await Promise.all([phone.tap('buy'), phone.tap('buy')]);
  assert.equal(count(phone.requests, PAY), 1);
  assert.equal(phone.payments.length, 1);
  assert.equal((await ordersOf(phone)).length, 1);
});

test('a tap while the payment sheet is open does nothing', async () => {
  const phone = await shopper('is impatient');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.paymentOutcome = async () => {
    phone.paymentOutcome = 'ok';
    await phone.tap('buy');
    return 'ok';
  };
  await phone.tap('buy');
  assert.equal(phone.payments.length, 1);
});

test('without the network the user sees a message and can retry', async () => {
  const phone = await shopper('is in a tunnel');
  const { shop } = phone.addresses;
  phone.addresses.shop = 'http://127.0.0.1:1';
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.messages, ['没有下单：网络不给力，请稍后再试']);
  await phone.tap('load');
  assert.equal(phone.page.data.problem, '网络不给力，请稍后再试');
  phone.addresses.shop = shop;
  await phone.tap('load');
  assert.equal(phone.page.data.problem, '');
});

test('the payment page pays an order of the web view and closes', async () => {
  const phone = await shopper('shops in the web view');
  await phone.tap('openShop');
  assert.equal(phone.page.route, 'pages/web/web');
  const link = await orderInWebView(phone.user, 'mug-celadon-450', 2);
  await phone.open(link);
  assert.equal(phone.page.route, 'pages/web/web');
  assert.deepEqual(phone.messages, []);
  assert.deepEqual(phone.payments.map(({ amount, ended }) => [amount, ended]), [['¥138.00', 'ok']]);
  const orders = await ordersOf(phone);
  // the only payment attempt belongs to the mini program
  assert.deepEqual(orders.map(({ openid }) => openid), [phone.user.miniprogram_openid]);
  const order = await waitForState('paid', orderId(orders[0]));
  assert.equal(order.state, 'paid');
  assert.equal(order.id, new URLSearchParams(link.split('?')[1]).get('order'));

  // a second visit goes back to the order page, which shows the paid order
  await phone.open(link);
  assert.deepEqual([phone.messages, phone.payments.length, phone.page.route], [[], 1, 'pages/web/web']);
});

test('a cancelled order of the web view is paid later with the same payment', async () => {
  const phone = await shopper('hesitates');
  await phone.open('/pages/web/web');
  const link = await orderInWebView(phone.user, 'test-sticker-1');
  phone.paymentOutcome = 'cancel';
  await phone.open(link);
  assert.deepEqual([phone.messages, phone.page.route], [[], 'pages/web/web']);
  phone.paymentOutcome = 'fail';
  await phone.open(link);
  assert.deepEqual([phone.messages, phone.page.route], [['支付没有成功：请稍后再试'], 'pages/web/web']);
  phone.paymentOutcome = 'ok';
  await phone.open(link);
  assert.deepEqual((await ordersOf(phone)).map(({ trade_state }) => trade_state), ['SUCCESS']);
});

test('an order of the web view with a wrong key is not found', async () => {
  const phone = await shopper('guesses');
  await phone.open('/pages/web/web');
  const link = await orderInWebView(phone.user, 'test-sticker-1');
  for (const wrong of [link.replace(/.$/, last => (last === '0' ? '1' : '0')), link.replace(/&key=.*/, '')]) {
    await phone.open(wrong);
    assert.equal(phone.page.route, 'pages/web/web');
  }
  assert.equal(phone.messages[0], '没有支付：没有找到您要的内容');
  assert.equal(phone.messages.length, 2);
  assert.deepEqual([phone.payments, await ordersOf(phone)], [[], []]);
});
