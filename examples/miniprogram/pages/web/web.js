const { shop } = require('../../config');

// Shows the shop's pages: /pages/web/web, or /pages/web/web?path=… with an encoded path of the shop.
Page({
  data: { src: '' },

  onLoad({ path = '/' }) {
    const wanted = decodeURIComponent(path);
    // a path without the slash could extend the host name
    this.setData({ src: shop + (wanted.startsWith('/') ? wanted : '/') });
  },
});
