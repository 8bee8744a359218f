// The pages of a shopper on Node: Express 5, Vue 3 SSR and better-sqlite3, written as a competent user would. It reads the
// database that the shop has written, with the shop's own queries as prepared statements, and shows the same content.
// bench/pages.sh copies it beside the server.cjs of the peers, which has the dependencies.
// Environment: PORT, DB (the shop's SQLite file), SHOPPER (the openid, for whom it makes a session), BASE (the public URL).
// It prints the cookie of the session when it listens.
'use strict';
process.env.NODE_ENV ||= 'production';
const crypto = require('crypto');
const zlib = require('zlib');
const express = require('express');
const Database = require('better-sqlite3');
const { createSSRApp } = require('vue');
const { renderToString } = require('@vue/server-renderer');

const PORT = +(process.env.PORT || 4201), BASE = process.env.BASE || `http://127.0.0.1:${PORT}`;
const KEY = 'bench-key-0123456789-0123456789-0';
const db = new Database(process.env.DB);
db.pragma('journal_mode=WAL');

// the columns that crates/store reads
const ORDER = `o.id, o.kind, o.openid, o.state, o.total_fee, o.created_ms, o.expires_ms, o.paid_ms, o.paid_out_trade_no,
  o.version, o.link_key`;
const ATTEMPT = `a.out_trade_no, a.state AS attempt_state, a.api, a.total_fee AS attempt_fee, a.created_ms AS attempt_ms,
  a.transaction_id, a.refunded, a.refunding`;
const ITEM = 'order_id, position, sku, name, spec, picture, price, quantity';
const q = {
  products: db.prepare(`SELECT p.id, p.name, p.category, p.summary, p.description, p.picture, p.on_sale, s.id AS sku, s.spec,
    s.price, s.stock FROM products p JOIN skus s ON s.product_id = p.id ORDER BY p.position, s.position`),
  stock: db.prepare(`SELECT s.id AS sku, s.price, s.stock, p.on_sale FROM skus s JOIN products p ON p.id = s.product_id
    WHERE s.product_id = ? ORDER BY s.position`),
  cart: db.prepare('SELECT sku, quantity, price FROM carts WHERE shopper = ? ORDER BY added_ms DESC, sku'),
  stockInCart: db.prepare(`SELECT s.id AS sku, s.price, s.stock, p.on_sale FROM skus s JOIN products p ON p.id = s.product_id
    JOIN carts c ON c.sku = s.id WHERE c.shopper = ?`),
  order: db.prepare(`SELECT ${ORDER} FROM orders o WHERE o.id = ?`),
  items: db.prepare(`SELECT ${ITEM} FROM order_items WHERE order_id = ? ORDER BY position`),
  attempts: db.prepare(`SELECT ${ATTEMPT} FROM attempts a WHERE a.order_id = ? ORDER BY a.seq`),
  delivery: db.prepare('SELECT name, phone, address, note FROM deliveries WHERE order_id = ?'),
  closed: db.prepare("SELECT at_ms FROM events WHERE order_id = ? AND what = 'closed' ORDER BY seq"),
  refunds: db.prepare(`SELECT out_refund_no, state, refund_fee, changed_ms FROM refunds WHERE order_id = ?
    ORDER BY created_ms, out_refund_no`),
  shipment: db.prepare('SELECT p.carrier, p.tracking_no, s.shipped_ms FROM shipments s LEFT JOIN parcels p ON p.order_id = s.order_id WHERE s.order_id = ? ORDER BY p.position'),
  application: db.prepare('SELECT state, reason, answer FROM refund_requests WHERE order_id = ?'),
  orders: db.prepare(`SELECT ${ORDER}, ${ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.out_trade_no = o.paid_out_trade_no
    WHERE o.openid = ? AND o.id < ? ORDER BY o.id DESC LIMIT 20`),
  lines: db.prepare(`SELECT ${ITEM} FROM order_items WHERE order_id IN (SELECT o.id FROM orders o WHERE o.openid = ?
    AND o.id < ? ORDER BY o.id DESC LIMIT 20) ORDER BY order_id, position`),
  profile: db.prepare('SELECT nickname, headimgurl FROM profiles WHERE openid = ?'),
  balance: db.prepare('SELECT balance FROM wallets WHERE openid = ?'),
};

// the catalogue is kept in memory, as the shop does; prices and stock are read for each request
const products = new Map(), skus = new Map();
for (const row of q.products.all()) {
  if (!products.has(row.id)) products.set(row.id, { ...row, skus: [] });
  products.get(row.id).skus.push(row);
  skus.set(row.sku, products.get(row.id));
}

const yuan = fen => (fen / 100).toFixed(2);
const pad = n => String(n).padStart(2, '0');
function shanghai(ms) {
  const t = new Date(ms + 8 * 3600_000);
  return `${t.getUTCFullYear()}-${pad(t.getUTCMonth() + 1)}-${pad(t.getUTCDate())} ${pad(t.getUTCHours())}:${pad(t.getUTCMinutes())}`;
}
const STATES = { created: '待付款', paying: '待付款', paid: '待发货', closing: '取消中', closed: '已关闭', refunded: '已退款', partly_refunded: '部分退款' };

const Price = { props: ['fen'], methods: { yuan }, template: '<span class="price"><small>¥</small>{{ yuan(fen) }}</span>' };
const Help = { template: `<section class="panel facts help"><h2>联系客服</h2><p>电话 <a href="tel:021-60000000">021-60000000</a></p>
<p class="muted">服务时间：9:00–21:00</p></section>` };
const Lines = { components: { Price }, props: ['lines', 'total'], template: `<div class="line" v-for="l in lines" :key="l.position">
<img :src="l.picture" alt="" width="64" height="64"><div class="line-text"><p>{{ l.name }}</p><p class="muted">{{ l.spec }}</p></div>
<div class="line-fee"><Price :fen="l.price"/><p class="muted">×{{ l.quantity }}</p></div></div>
<div class="cell total"><span>合计</span><Price :fen="total"/></div>` };
const Layout = { props: ['tab', 'title', 'desc', 'image'], data: () => ({ tabs: [['/', '首页'], ['/cart', '购物车'], ['/orders', '我的订单'], ['/me', '我的']] }),
  template: `<div :data-share-title="title" :data-share-desc="desc" :data-share-image="image"></div>
<div class="gate"><p hidden class="hint">登录没有成功。<a href="/api/wechat/redirect?scope=snsapi_base&callback=%2F">点此重新登录</a></p></div>
<main><slot/></main><nav class="tabs" v-if="tab"><a v-for="t in tabs" :href="t[0]" :aria-current="t[0] === tab ? 'page' : null">{{ t[1] }}</a></nav>` };
const shared = { Price, Help, Lines, Layout };
const page = (template, methods = {}) => ({ components: shared, props: ['d'], methods: { shanghai, yuan, ...methods }, template });

const Product = page(`<Layout :title="d.p.name" :desc="d.p.summary" :image="d.image">
<img :src="d.p.picture" :alt="d.p.name" width="390" height="390" fetchpriority="high" class="hero">
<form method="post" action="/orders" class="product"><section class="panel"><Price :fen="d.from"/><small class="muted"> 起</small>
<h1>{{ d.p.name }}</h1><p class="muted">{{ d.p.summary }}</p></section>
<section class="panel"><fieldset><legend>规格</legend><label class="spec" v-for="(s, i) in d.skus" :key="s.sku">
<input type="radio" name="sku" :value="s.sku" :checked="i === 0" :disabled="!s.stock"><span>{{ s.spec }}</span><Price :fen="s.price"/>
<span class="muted">剩 {{ s.stock }} 件</span></label></fieldset>
<div class="cell"><span>数量</span><div class="stepper"><button type="button" aria-label="减少" disabled>−</button>
<input type="number" name="quantity" aria-label="数量" inputmode="numeric" min="1" :max="d.max" value="1">
<button type="button" aria-label="增加">+</button></div></div></section>
<section class="panel"><h2>商品介绍</h2><p class="description">{{ d.p.description }}</p></section><Help/>
<div class="bottom"><a href="/" class="button">首页</a><button formaction="/cart" class="button">加入购物车</button>
<button class="button primary">立即购买</button></div></form></Layout>`);

const Cart = page(`<Layout tab="/cart" title="小店" desc="微信里的小店" :image="d.image"><h1 class="page-title">购物车</h1><div class="cart">
<section class="panel line cart-line" v-for="l in d.lines" :key="l.sku">
<input type="checkbox" form="check-out" name="sku" :value="l.sku + '*' + l.price" :data-fen="l.price * l.quantity" :checked="l.ok" :disabled="!l.ok" :aria-label="'选择 ' + l.name" class="tick">
<a :href="'/products/' + l.product" tabindex="-1" aria-hidden="true" class="line-picture"><img :src="l.picture" alt="" width="64" height="64"></a>
<div class="line-text"><p><a :href="'/products/' + l.product">{{ l.name }}</a></p><p class="muted">{{ l.spec }}</p>
<p class="warn" v-if="l.price !== l.was">加入时 ¥{{ yuan(l.was) }}</p><p class="warn" v-if="!l.ok">库存不足 · 剩 {{ l.stock }} 件</p><Price :fen="l.price"/>
<form method="post" action="/cart/change" class="stepper"><input type="hidden" name="sku" :value="l.sku">
<button name="quantity" :value="l.quantity - 1" aria-label="减少" class="step" :disabled="l.quantity < 2">−</button><span class="count">{{ l.quantity }}</span>
<button name="quantity" :value="l.quantity + 1" aria-label="增加" class="step" :disabled="l.quantity >= l.stock">+</button>
<button name="quantity" value="0" class="link">移除</button></form></div></section></div>
<form id="check-out" method="post" action="/cart/order" class="panel check-out"><div class="cell"><span>合计 <Price :fen="d.total"/></span>
<button class="button primary">结算</button></div></form></Layout>`);

const Confirm = page(`<Layout title="小店" desc="微信里的小店" :image="d.image"><div :data-order="d.o.id" :data-state="d.o.state" :data-link="d.link">
<h1 class="page-title">确认订单</h1><a :href="'/orders/' + d.o.id + '/delivery'" class="panel delivery"><span class="delivery-text">
<template v-if="d.delivery"><strong>{{ d.delivery.name }} {{ d.delivery.phone }}</strong><span class="muted">{{ d.delivery.address }}</span></template>
<template v-else><strong>到店自取</strong><span class="muted">请向店家询问自取地点</span></template></span><span class="more-arrow">选择收货地址 ›</span></a>
<section class="panel"><Lines :lines="d.items" :total="d.o.total_fee"/></section>
<section class="panel facts"><p>订单编号 <span>{{ d.o.id }}</span></p><p>请在 {{ shanghai(d.o.expires_ms) }} 前支付，过时订单会自动关闭</p></section>
<form method="post" :action="'/orders/' + d.o.id + '/pay'" class="bottom"><div class="pay"><button class="button primary">微信支付 <Price :fen="d.o.total_fee"/></button>
<p role="alert" hidden class="problem"></p></div></form></div></Layout>`);

const Order = page(`<Layout title="小店" desc="微信里的小店" :image="d.image"><div :data-order="d.o.id" :data-state="d.o.state" :data-link="d.link">
<section :class="'panel state ' + d.o.state"><h1>{{ d.state }}</h1><p>请尽快付款</p><span hidden class="muted">正在查询支付结果…</span></section>
<section class="panel"><ol class="timeline"><li v-for="s in d.steps" :class="{ done: s.at }"><span>{{ s.name }}</span><span class="muted" v-if="s.at">{{ shanghai(s.at) }}</span></li></ol></section>
<section class="panel facts" v-if="d.delivery"><p>{{ d.delivery.name }} {{ d.delivery.phone }}</p><p>{{ d.delivery.address }}</p></section>
<section class="panel facts" v-else><p>到店自取</p><p>请向店家询问自取地点</p></section>
<section class="panel"><Lines :lines="d.items" :total="d.o.total_fee"/></section>
<section class="panel facts"><p>订单编号 <span>{{ d.o.id }}</span></p><p>支付截止 {{ shanghai(d.o.expires_ms) }}</p></section>
<details class="panel"><summary>请朋友代付，或换一台设备支付</summary><label class="field"><span>有此链接的人可以查看并支付这笔订单</span><input class="address-text" readonly :value="d.link"></label></details>
<details class="panel"><summary>取消订单</summary><form method="post" :action="'/orders/' + d.o.id + '/cancel'"><p class="muted">取消后不能恢复</p><button class="button wide">确定取消</button></form></details>
<div class="actions"><form method="post" :action="'/orders/' + d.o.id + '/again'"><button class="link">再来一单</button></form></div><Help/>
<form method="post" :action="'/orders/' + d.o.id + '/pay'" class="bottom"><a class="button" href="/orders">我的订单</a><div class="pay">
<button class="button primary">微信支付 <Price :fen="d.o.total_fee"/></button><p role="alert" hidden class="problem"></p></div></form></div></Layout>`);

const Orders = page(`<Layout tab="/orders" title="小店" desc="微信里的小店" :image="d.image"><h1 class="page-title">我的订单</h1>
<a v-for="o in d.orders" :key="o.id" :href="'/orders/' + o.id" class="panel order"><div class="cell"><span class="muted">{{ shanghai(o.created_ms) }}</span>
<strong :class="o.state">{{ o.word }}</strong></div><Lines :lines="o.items" :total="o.total_fee"/></a></Layout>`);

const Me = page(`<Layout tab="/me" title="小店" desc="微信里的小店" :image="d.image"><section class="panel me"><img v-if="d.profile" :src="d.profile.headimgurl" alt="" width="64" height="64">
<h1>{{ d.profile ? d.profile.nickname : '微信用户' }}</h1></section>
<a v-if="!d.profile" class="panel cell" href="/api/wechat/redirect?scope=snsapi_userinfo&callback=%2Fme">使用微信头像和昵称<span class="muted">›</span></a>
<a class="panel cell" href="/wallet">余额<Price :fen="d.balance"/></a><a class="panel cell" href="/orders">我的订单<span class="muted">›</span></a>
<a class="panel cell" href="/addresses">收货地址<span class="muted">›</span></a><Help/>
<form class="panel" method="post" action="/language"><button class="link" name="to" value="en" lang="en">English</button></form>
<form class="panel" method="post" action="/log-out"><button class="link">退出登录</button></form></Layout>`);

const Search = page(`<Layout tab="/" title="小店" desc="微信里的小店" :image="d.image"><h1 class="page-title">搜索</h1><form action="/search" role="search" class="search">
<input type="search" name="q" :value="d.q" maxlength="60" placeholder="搜索商品" aria-label="搜索商品"><button class="button">搜索</button></form>
<p role="status" class="found">找到 {{ d.found.length }} 件商品</p><div class="grid"><a v-for="p in d.found" :key="p.id" :href="'/products/' + p.id" class="card">
<img :src="p.picture" alt="" width="160" height="160" loading="lazy"><span class="card-name">{{ p.name }}</span><span class="muted">{{ p.summary }}</span>
<span class="card-price"><Price :fen="p.skus[0].price"/><small class="muted" v-if="p.skus.length > 1"> 起</small></span></a></div></Layout>`);

const sign = text => crypto.createHmac('sha256', KEY).update(text).digest('base64url');
function session(req) {
  const found = /(?:^|;\s*)peer=([^.;]+)\.([^;]+)/.exec(req.headers.cookie || '');
  if (!found) return null;
  const wanted = Buffer.from(sign(found[1])), sent = Buffer.from(found[2]);
  return wanted.length === sent.length && crypto.timingSafeEqual(wanted, sent) ? found[1] : null;
}
const HEAD = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">' +
  '<meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">' +
  '<link rel="stylesheet" href="/assets/app.css"><script type="module" src="/assets/app.js"></script>' +
  '<script src="/open/js/jweixin-1.6.0.js" defer></script>';
const BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };
async function send(req, res, title, component, d) {
  d.image = BASE + (d.p ? d.p.picture : '/pictures/shop.svg');
  const html = await renderToString(createSSRApp(component, { d }));
  const state = JSON.stringify(d).replace(/</g, '\\u003c');
  const body = `<!doctype html><html lang="zh-CN"><head>${HEAD}<title>${title}</title></head><body><div id="app">${html}</div><script>window.__S__=${state}</script></body></html>`;
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Cache-Control', 'private, no-store');
  if (/\bbr\b/.test(req.headers['accept-encoding'] || '')) {
    res.setHeader('Content-Encoding', 'br');
    // synchronously: the thread pool costs more than these few kilobytes
    res.end(zlib.brotliCompressSync(body, BROTLI));
  } else res.end(body);
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.get('/products/:id', (req, res) => {
  const p = products.get(req.params.id);
  if (!p) return res.sendStatus(404);
  const stock = new Map(q.stock.all(p.id).map(s => [s.sku, s]));
  const own = p.skus.map(s => ({ sku: s.sku, spec: s.spec, price: stock.get(s.sku).price, stock: stock.get(s.sku).stock }));
  const { id, name, summary, description, picture } = p;
  return send(req, res, name, Product, { p: { id, name, summary, description, picture }, skus: own, from: Math.min(...own.map(s => s.price)), max: Math.min(99, own[0].stock) });
});
app.get('/search', (req, res) => {
  const text = String(req.query.q || '');
  const stock = [...products.values()].filter(p => p.on_sale && (p.name + p.summary + p.category).includes(text));
  return send(req, res, '搜索', Search, { q: text, found: stock.map(({ id, name, summary, picture, skus }) => ({ id, name, summary, picture, skus: skus.map(s => ({ price: s.price })) })) });
});
app.use((req, res, next) => { req.shopper = session(req); if (req.shopper) next(); else res.sendStatus(401); });
app.get('/cart', (req, res) => {
  const stock = new Map(q.stockInCart.all(req.shopper).map(s => [s.sku, s]));
  let total = 0;
  const lines = q.cart.all(req.shopper).map(({ sku, quantity, price: was }) => {
    const p = skus.get(sku), s = stock.get(sku), ok = s.on_sale === 1 && s.stock >= quantity;
    if (ok) total += s.price * quantity;
    return { sku, quantity, was, price: s.price, stock: s.stock, ok, product: p.id, name: p.name, picture: p.picture, spec: p.skus.find(x => x.sku === sku).spec };
  });
  return send(req, res, '购物车', Cart, { lines, total });
});
function detail(req, res) {
  const o = q.order.get(req.params.id);
  if (!o || o.openid !== req.shopper) { res.sendStatus(404); return null; }
  const id = o.id, closed = q.closed.get(id), shipment = q.shipment.get(id);
  return { o, items: q.items.all(id), attempts: q.attempts.all(id), delivery: q.delivery.get(id) || null, refunds: q.refunds.all(id), shipment: shipment || null,
    application: q.application.get(id) || null, link: `${BASE}/orders/${id}/link/${o.link_key}`, state: STATES[o.state] || o.state,
    steps: [{ name: '下单', at: o.created_ms }, { name: '付款', at: o.paid_ms }, { name: '发货', at: shipment ? shipment.shipped_ms : null }, { name: '关闭', at: closed ? closed.at_ms : null }] };
}
app.get('/orders/:id/confirm', (req, res) => { const d = detail(req, res); return d && send(req, res, '确认订单', Confirm, d); });
app.get('/orders/:id', (req, res) => { const d = detail(req, res); return d && send(req, res, '订单', Order, d); });
app.get('/orders', (req, res) => {
  const before = /^\d+$/.test(req.query.before || '') ? req.query.before : ':';
  const lines = q.lines.all(req.shopper, before);
  const orders = q.orders.all(req.shopper, before).map(({ id, state, total_fee, created_ms }) => ({ id, state, total_fee, created_ms, word: STATES[state] || state, items: lines.filter(l => l.order_id === id) }));
  return send(req, res, '我的订单', Orders, { orders });
});
app.get('/me', (req, res) => {
  const balance = q.balance.get(req.shopper);
  return send(req, res, '我的', Me, { profile: q.profile.get(req.shopper) || null, balance: balance ? balance.balance : 0 });
});
app.listen(PORT, '127.0.0.1', () => console.log(`peer=${process.env.SHOPPER}.${sign(process.env.SHOPPER || '')}`));
