const { shop } = require('../../config');

// Shows the shop's pages: /pages/web/web, or /pages/web/web?path=… with an encoded path of the shop. A code or a link of the
// console has scene=… with the id of a product.
Page({
  data: { src: '' },

  onLoad({ path = '/', scene }) {
    const wanted = scene ? `/products/${scene}` : decodeURIComponent(path);
    // a path without the slash could extend the host name
    this.setData({ src: shop + (wanted.startsWith('/') ? wanted : '/') });
  },
});
