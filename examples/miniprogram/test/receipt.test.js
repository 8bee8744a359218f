// Tests of the confirm of a receipt in the mini program.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { control, orderId, ordersOf, ship, shopper, waitForState } = require('./environment.js');

async function paidOrder(name) {
  const phone = await shopper(name);
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  phone.messages.length = 0;
  const [order] = await ordersOf(phone);
  await waitForState('paid', orderId(order));
  const { transaction_id, out_trade_no } = order;
  phone.requests.length = 0;
  await phone.open(`/pages/receipt/receipt?transaction_id=${transaction_id}&merchant_trade_no=${out_trade_no}`);
  return { phone, order };
}

async function confirm(phone) {
  await phone.tap('confirm');
  await phone.closed;
}

test('an order that is not shipped is not received', async () => {
  const { phone, order } = await paidOrder('is early');
  phone.receiptOutcome = 'cancel';
  await confirm(phone);
  assert.deepEqual([phone.requests, phone.messages], [[], []]);
  assert.deepEqual(phone.views, [{ transaction_id: order.transaction_id }]);
  phone.receiptOutcome = 'success';
  await confirm(phone);
  assert.deepEqual(phone.requests, [`POST /api/miniprogram/orders/${orderId(order)}/received`]);
  assert.deepEqual(phone.messages, ['没有确认收货：订单还没有全部发货']);
});

test('the shop asks WeChat after the component has closed', async () => {
  const { phone, order } = await paidOrder('confirms');
  await ship(orderId(order));
  // the page says success, and WeChat does not know it
  await confirm(phone);
  assert.deepEqual(phone.messages, ['微信还在处理，请稍后再看']);
  phone.confirmAtWechat = () => control('confirm-receipt', { out_trade_no: order.out_trade_no });
  await confirm(phone);
  assert.equal(phone.messages.at(-1), '已确认收货');
});
