// The shopper's ways through the mini program, each on a phone of her own.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { comesToBe, control, endedToken, orderId, orderInWebView, ordersOf, shopper } = require('./world.js');

const LOGIN = 'POST /api/miniprogram/login';
const PAY = 'POST /api/miniprogram/pay';

function count(requests, wanted) {
  return requests.filter(request => request === wanted).length;
}

test('she is logged in unnoticed, buys from the list, and the shop knows it paid', async () => {
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
  assert.deepEqual(phone.said, ['支付成功：我们会尽快发货']);
  assert.deepEqual([phone.page.data.counts, phone.page.data.total, phone.page.data.paying], [{}, '0.00', false]);
  const orders = await ordersOf(phone);
  assert.deepEqual(orders.map(order => [order.trade_state, order.total_fee]), [['SUCCESS', 11801]]);
  assert.equal(orders[0].openid, phone.user.miniprogram_openid);
  const order = await comesToBe('paid', orderId(orders[0]));
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

test('with nothing chosen she is told so, and nothing is asked for', async () => {
  const phone = await shopper('chooses nothing');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.tap('change', { sku: 'test-sticker-1', by: -1 });
  await phone.tap('buy');
  assert.deepEqual(phone.said, ['请先选择商品']);
  assert.equal(count(phone.requests, PAY), 0);
});

test('what she cancels can be paid later, as the same order', async () => {
  const phone = await shopper('cancels');
  // the only one: a second order would find none
  phone.tap('change', { sku: 'throw-wool-1', by: 1 });
  phone.thumb = 'cancel';
  await phone.tap('buy');
  assert.deepEqual([phone.said, phone.page.data.total], [[], '258.00']);
  const [{ trade_state }] = await ordersOf(phone);
  assert.equal(trade_state, 'NOTPAY');
  phone.thumb = 'ok';
  await phone.tap('buy');
  const orders = await ordersOf(phone);
  assert.deepEqual(orders.map(order => order.trade_state), ['SUCCESS']);
  assert.equal((await comesToBe('paid', orderId(orders[0]))).state, 'paid');
});

test('after a cancelled payment another choice is another order', async () => {
  const phone = await shopper('changes her mind');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.thumb = 'cancel';
  await phone.tap('buy');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.thumb = 'ok';
  await phone.tap('buy');
  assert.deepEqual(phone.payments.map(({ amount, ended }) => [amount, ended]), [
    ['¥0.01', 'cancel'],
    ['¥0.02', 'ok'],
  ]);
});

test('a failed payment is told in plain words, and the next one may succeed', async () => {
  const phone = await shopper('fails');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.thumb = 'fail';
  await phone.tap('buy');
  assert.deepEqual(phone.said, ['支付没有成功：请稍后再试']);
  assert.equal(phone.page.data.paying, false);
  phone.thumb = 'ok';
  await phone.tap('buy');
  assert.equal(phone.said.at(-1), '支付成功：我们会尽快发货');
});

test('where the token has ended she is logged in again, once and unnoticed', async () => {
  const phone = await shopper('comes back');
  phone.storage.set('token', endedToken(phone));
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.requests.slice(1), [PAY, LOGIN, PAY]);
  assert.deepEqual(phone.said, ['支付成功：我们会尽快发货']);

  // the new token is kept
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.equal(count(phone.requests, LOGIN), 1);
  assert.equal((await ordersOf(phone)).length, 2);
});

test('where no login helps she is told, and not asked for ever', async () => {
  const phone = await shopper('cannot log in');
  phone.storage.set('token', endedToken(phone));
  phone.login = async () => ({ code: 'nothing' });
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.requests.slice(1), [PAY, LOGIN]);
  assert.deepEqual(phone.said, ['没有下单：登录链接已失效，请重新登录']);
  phone.login = async () => {
    throw new Error('system error');
  };
  await phone.tap('buy');
  assert.equal(phone.said.at(-1), '没有下单：微信登录失败，请稍后再试');
});

test('what is out of stock is said so', async () => {
  const phone = await shopper('is late');
  phone.tap('change', { sku: 'slippers-linen-m', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.said, ['没有下单：库存不足，请减少数量或选择其他商品']);
  assert.deepEqual([phone.payments, await ordersOf(phone)], [[], []]);
});

test('two quick taps make one order and open one sheet', async () => {
  const phone = await shopper('taps twice');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await Promise.all([phone.tap('buy'), phone.tap('buy')]);
  assert.equal(count(phone.requests, PAY), 1);
  assert.equal(phone.payments.length, 1);
  assert.equal((await ordersOf(phone)).length, 1);
});

test('a tap while the sheet is open does nothing', async () => {
  const phone = await shopper('is impatient');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  phone.thumb = async () => {
    phone.thumb = 'ok';
    await phone.tap('buy');
    return 'ok';
  };
  await phone.tap('buy');
  assert.equal(phone.payments.length, 1);
});

test('without the network she is told, and can try again', async () => {
  const phone = await shopper('is in a tunnel');
  const { shop } = phone.addresses;
  phone.addresses.shop = 'http://127.0.0.1:1';
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.said, ['没有下单：网络不给力，请稍后再试']);
  await phone.tap('load');
  assert.equal(phone.page.data.problem, '网络不给力，请稍后再试');
  phone.addresses.shop = shop;
  await phone.tap('load');
  assert.equal(phone.page.data.problem, '');
});

test('an order of the web view is paid by its link, and the page is left', async () => {
  const phone = await shopper('shops in the web view');
  await phone.tap('openShop');
  assert.equal(phone.page.route, 'pages/web/web');
  const link = await orderInWebView(phone.user, 'mug-celadon-450', 2);
  await phone.open(link);
  assert.equal(phone.page.route, 'pages/web/web');
  assert.deepEqual(phone.said, []);
  assert.deepEqual(phone.payments.map(({ amount, ended }) => [amount, ended]), [['¥138.00', 'ok']]);
  const orders = await ordersOf(phone);
  // one attempt, and it is the mini program's
  assert.deepEqual(orders.map(({ openid }) => openid), [phone.user.miniprogram_openid]);
  const order = await comesToBe('paid', orderId(orders[0]));
  assert.equal(order.state, 'paid');
  assert.equal(order.id, new URLSearchParams(link.split('?')[1]).get('order'));

  // opened again, it leads back to the page, which says paid
  await phone.open(link);
  assert.deepEqual([phone.said, phone.payments.length, phone.page.route], [[], 1, 'pages/web/web']);
});

test('an order of the web view that she cancels is paid later, as the same payment', async () => {
  const phone = await shopper('hesitates');
  await phone.open('/pages/web/web');
  const link = await orderInWebView(phone.user, 'test-sticker-1');
  phone.thumb = 'cancel';
  await phone.open(link);
  assert.deepEqual([phone.said, phone.page.route], [[], 'pages/web/web']);
  phone.thumb = 'fail';
  await phone.open(link);
  assert.deepEqual([phone.said, phone.page.route], [['支付没有成功：请稍后再试'], 'pages/web/web']);
  phone.thumb = 'ok';
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
  assert.equal(phone.said[0], '没有支付：没有找到您要的内容');
  assert.equal(phone.said.length, 2);
  assert.deepEqual([phone.payments, await ordersOf(phone)], [[], []]);
});
