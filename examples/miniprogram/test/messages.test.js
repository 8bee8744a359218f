// Tests of the messages: the mini program asks for them, and the shop sends what the user allowed.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { control, orderInWebView, shopper } = require('./environment.js');

/** The titles of the messages that the user received, as soon as there is one. */
async function received({ user }) {
  for (let tries = 0; ; tries++) {
    const { messages } = await control('messages');
    const own = messages.filter(({ openid }) => openid === user.miniprogram_openid);
    if (own.length > 0 || tries === 200) return own.map(({ title }) => title);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

test('the tap on the payment asks for messages, and the paid order is one message', async () => {
  const phone = await shopper('allows messages');
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.equal(phone.questions.length, 1);
  assert(phone.questions[0].templates.length > 0 && phone.questions[0].templates.length <= 3);
  assert.equal(phone.questions[0].ended, 'requestSubscribeMessage:ok');
  assert.deepEqual(phone.messages, ['支付成功：我们会尽快发货']);
  assert.deepEqual(await received(phone), ['订单支付成功通知']);
});

test('a user who refuses messages can pay', async () => {
  const phone = await shopper('refuses messages');
  phone.consent = 'reject';
  phone.tap('change', { sku: 'test-sticker-1', by: 1 });
  await phone.tap('buy');
  assert.deepEqual(phone.messages, ['支付成功：我们会尽快发货']);
  assert.deepEqual(phone.payments.map(({ ended }) => ended), ['ok']);
});

test('the payment page of the web view asks after the payment', async () => {
  const phone = await shopper('pays in the web view');
  await phone.open('/pages/web/web');
  await phone.open(await orderInWebView(phone.user, 'test-sticker-1'));
  assert.deepEqual(phone.questions.map(({ ended }) => ended), ['requestSubscribeMessage:ok']);
  assert.deepEqual(await received(phone), ['订单支付成功通知']);
});

test('outside a tap WeChat refuses the question, and nothing else fails', async () => {
  const phone = await shopper('asks late');
  const answer = await new Promise(complete => phone.wx.requestSubscribeMessage({ tmplIds: ['x'], complete }));
  assert.match(answer.errMsg, /TAP gesture/);
});
