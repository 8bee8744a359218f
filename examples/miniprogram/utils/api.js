// The calls to the shop's server. Each function returns a promise. The message of its error is for the user.

const { shop } = require('../config');

const TOKEN = 'token';

/** The running login, if any. All callers share it. */
let loggingIn = null;

/** The `products`, with prices in fen, and the `templates` of messages that the shop would like to send. */
async function products() {
  return dataOf(await send('GET', '/api/miniprogram/products'));
}

/** The parameters of `wx.requestPayment` for `{ items: [{ sku, quantity }] }` or for an order link `{ order, key }`. */
function pay(what) {
  return asUser('/api/miniprogram/pay', what);
}

/** Whether the order is received, after WeChat's component has closed. The shop asks WeChat. */
async function received(order) {
  return (await asUser(`/api/miniprogram/orders/${order}/received`, {})).received;
}

async function asUser(path, what) {
  let answer = await send('POST', path, what, wx.getStorageSync(TOKEN) || (await logIn()));
  // a token is valid for two hours: log in again, but only once
  if (answer.statusCode === 401) answer = await send('POST', path, what, await logIn());
  return dataOf(answer);
}

/**
 * Asks the user to allow messages. WeChat opens the question only in the handler of a tap, before anything else is awaited,
 * or in the callback of a payment. Each `accept` is one message. The user may also refuse; then the shop sends nothing.
 */
function askForMessages(templates) {
  if (!templates || templates.length === 0 || !wx.requestSubscribeMessage) return Promise.resolve();
  return new Promise(resolve => wx.requestSubscribeMessage({ tmplIds: templates, complete: resolve }));
}

/**
 * Shows the payment sheet. Returns 'paid', 'cancelled' or 'failed'; only the server knows the true state. With `templates` it
 * asks for messages after the payment.
 */
function requestPayment({ timeStamp, nonceStr, package: prepay, signType, paySign }, templates) {
  return new Promise(resolve => {
    wx.requestPayment({
      timeStamp,
      nonceStr,
      package: prepay,
      signType,
      paySign,
      success: () => askForMessages(templates).then(() => resolve('paid')),
      fail: ({ errMsg }) => resolve(/cancel/.test(errMsg) ? 'cancelled' : 'failed'),
    });
  });
}

/** Opens WeChat's component that confirms the receipt. App.onShow gets its answer. */
function openReceipt(transactionId) {
  return new Promise((resolve, reject) => {
    if (!wx.openBusinessView) return reject(new Error('请升级微信'));
    wx.openBusinessView({
      businessType: 'weappOrderConfirm',
      extraData: { transaction_id: transactionId },
      success: resolve,
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    });
  });
}

function logIn() {
  if (!loggingIn) {
    const done = () => (loggingIn = null);
    loggingIn = newToken();
    loggingIn.then(done, done);
  }
  return loggingIn;
}

async function newToken() {
  const { token } = dataOf(await send('POST', '/api/miniprogram/login', { code: await loginCode() }));
  wx.setStorageSync(TOKEN, token);
  return token;
}

function loginCode() {
  return new Promise((resolve, reject) => {
    wx.login({
      success: ({ code }) => resolve(code),
      fail: () => reject(new Error('微信登录失败，请稍后再试')),
    });
  });
}

function send(method, path, data, token) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: shop + path,
      method,
      data,
      header: token ? { Authorization: `Bearer ${token}` } : {},
      timeout: 15000,
      success: resolve,
      fail: () => reject(new Error('网络不给力，请稍后再试')),
    });
  });
}

/** The shop answers `{ code: 0, data }` or `{ code, msg }`. A proxy in front of it can answer anything. */
function dataOf({ data }) {
  if (data && data.code === 0) return data.data;
  const error = new Error((data && data.msg) || '系统繁忙，请稍后再试');
  error.code = data && data.code;
  throw error;
}

module.exports = { products, pay, askForMessages, received, requestPayment, openReceipt };
