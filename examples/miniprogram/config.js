module.exports = {
  // SHOP_PUBLIC_URL of the shop's server, without a slash at the end
  shop: 'https://shop.example.com',
};
