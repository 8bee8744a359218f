/** Shows a message and waits until the user closes it. */
module.exports = function showMessage(title, content) {
  return new Promise(resolve => wx.showModal({ title, content, showCancel: false, complete: resolve }));
};
