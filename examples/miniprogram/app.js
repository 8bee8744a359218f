// Nothing happens at the start: the shopper is logged in by the first payment, without noticing (utils/api.js).
App({});
