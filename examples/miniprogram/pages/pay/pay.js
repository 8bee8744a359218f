const api = require('../../utils/api');
const showMessage = require('../../utils/show-message');

/** The shop's error code for a paid order. */
const ALREADY_PAID = 40903;

// Pays an order of the web view, because WeChat does not allow a payment there. The shop's pages open this page as
// /pages/pay/pay?order=…&key=… (WECHAT_MINIPROGRAM_PAY_PAGE of the server).
Page({
  async onLoad({ order, key }) {
    try {
      const payment = await api.pay({ order, key });
      // no tap opened this page, so it asks for messages after the payment
      const outcome = await api.requestPayment(payment, payment.templates);
      if (outcome === 'failed') await showMessage('支付没有成功', '请稍后再试');
    } catch (error) {
      if (error.code !== ALREADY_PAID) await showMessage('没有支付', error.message);
    }
    // the order page asks the server for the state after any outcome
    wx.navigateBack();
  },
});
