/** Tells the shopper, and waits until it has been read. */
module.exports = function say(title, content) {
  return new Promise(resolve => wx.showModal({ title, content, showCancel: false, complete: resolve }));
};
