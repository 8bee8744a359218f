module.exports = {
  // SHOP_PUBLIC_URL of the shop's server, without a trailing slash
  shop: 'https://shop.example.com',
};
