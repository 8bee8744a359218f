const api = require('../../utils/api');
const showMessage = require('../../utils/show-message');

const MOST = 99;

Page({
  data: {
    products: [],
    /** The quantity of each SKU. */
    counts: {},
    total: yuan(0),
    paying: false,
    problem: '',
  },

  /** The templates of the messages that the shop would like to send. */
  templates: [],

  /** The unpaid order: its items, order id and key. */
  unpaid: null,

  onLoad() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  async load() {
    try {
      const { products, templates } = await api.products();
      this.templates = templates;
      for (const { skus } of products) for (const sku of skus) sku.yuan = yuan(sku.price);
      this.setData({ products, problem: '' });
      this.choose({});
    } catch (error) {
      this.setData({ problem: error.message });
    }
  },

  change({ currentTarget: { dataset } }) {
    const { counts } = this.data;
    const count = (counts[dataset.sku] || 0) + dataset.by;
    this.choose({ ...counts, [dataset.sku]: Math.min(MOST, Math.max(0, count)) });
  },

  choose(counts) {
    const skus = this.data.products.flatMap(product => product.skus);
    const fen = skus.reduce((sum, { sku, price }) => sum + price * (counts[sku] || 0), 0);
    this.setData({ counts, total: yuan(fen) });
  },

  async buy() {
    // a second tap can arrive before the page shows the button as disabled
    if (this.busy) return;
    const { counts } = this.data;
    const items = Object.keys(counts)
      .filter(sku => counts[sku] > 0)
      .map(sku => ({ sku, quantity: counts[sku] }));
    if (items.length === 0) return wx.showToast({ title: '请先选择商品', icon: 'none' });
    this.busy = true;
    this.setData({ paying: true });
    try {
      // first: WeChat allows the question only in the handler of the tap
      await api.askForMessages(this.templates);
      await this.order(items);
    } catch (error) {
      await showMessage('没有下单', error.message);
    } finally {
      this.busy = false;
      this.setData({ paying: false });
    }
  },

  async order(items) {
    const basket = JSON.stringify(items);
    // the same items are the same unpaid order, because that order has reserved them
    const same = this.unpaid && this.unpaid.basket === basket;
    const what = same ? { order: this.unpaid.order, key: this.unpaid.key } : { items };
    // do not use this order again if it has expired
    this.unpaid = null;
    const payment = await api.pay(what);
    this.unpaid = { basket, order: payment.order, key: payment.key };
    const outcome = await api.requestPayment(payment);
    if (outcome === 'cancelled') return;
    if (outcome === 'failed') return showMessage('支付没有成功', '请稍后再试');
    this.unpaid = null;
    this.choose({});
    await showMessage('支付成功', '我们会尽快发货');
  },

  openShop() {
    wx.navigateTo({ url: '/pages/web/web' });
  },
});

function yuan(fen) {
  return (fen / 100).toFixed(2);
}
