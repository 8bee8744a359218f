const api = require('../../utils/api');
const showMessage = require('../../utils/show-message');

// Confirms the receipt of an order with WeChat's component. WeChat opens this page from its messages about a delivery, if
// /pages/receipt/receipt is their jump path (set_msg_jump_path). It adds transaction_id and merchant_trade_no.
Page({
  data: { confirming: false },

  onLoad({ transaction_id: transactionId, merchant_trade_no: outTradeNo = '' }) {
    this.transactionId = transactionId;
    // the shop's payment numbers begin with the order's number
    this.order = outTradeNo.slice(0, 24);
  },

  async confirm() {
    if (this.data.confirming) return;
    this.setData({ confirming: true });
    try {
      await api.openReceipt(this.transactionId);
    } catch (error) {
      await showMessage('没有打开确认收货', error.message);
    } finally {
      this.setData({ confirming: false });
    }
  },

  // the component has closed; only the shop's server can say whether WeChat has the confirmation
  async onShow() {
    const { receipt } = getApp();
    getApp().receipt = null;
    if (!receipt || receipt.status !== 'success') return;
    try {
      const received = await api.received(this.order);
      await showMessage(received ? '已确认收货' : '微信还在处理，请稍后再看');
    } catch (error) {
      await showMessage('没有确认收货', error.message);
    }
  },
});
