const api = require('../../utils/api');
const say = require('../../utils/say');

/** The shop's code for an order that is paid. */
const ALREADY_PAID = 40903;

// Pays an order that was placed on a page of the shop inside the web view: WeChat lets no page pay there. The shop's
// pages open it as /pages/pay/pay?order=…&key=… (WECHAT_MINIPROGRAM_PAY_PAGE of the server).
Page({
  async onLoad({ order, key }) {
    try {
      const payment = await api.pay({ order, key });
      if ((await api.requestPayment(payment)) === 'failed') await say('支付没有成功', '请稍后再试');
    } catch (error) {
      if (error.code !== ALREADY_PAID) await say('没有支付', error.message);
    }
    // whatever came of it, the order's page asks the server how it stands
    wx.navigateBack();
  },
});
