const { shop } = require('../../config');

// The shop's own pages: /pages/web/web, or /pages/web/web?path=… with an encoded path of the shop.
Page({
  data: { src: '' },

  onLoad({ path = '/' }) {
    const wanted = decodeURIComponent(path);
    // without the slash it could be the end of another host's name
    this.setData({ src: shop + (wanted.startsWith('/') ? wanted : '/') });
  },
});
