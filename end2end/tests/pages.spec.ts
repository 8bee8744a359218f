import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { countShifts, Looker } from '../support/look';
import { buys, signIn } from '../support/console';
import { collect, enter, openSpecifications, order, PEN, settled, visit } from '../support/shopper';
import type { World } from '../support/world';

// Every page, in both languages: axe in both schemes, the layout at each width, targets for a finger, layout shifts.
// LOOKS=/tmp/looks npx playwright test pages: the long form, with five widths, layout shifts and a picture of each.

const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const LANGUAGES = ['zh-CN', 'en'] as const;

/** Chooses the language of the shop and of the console. */
async function read(page: Page, world: World, language: string): Promise<void> {
  const answer = await page.request.post('/language', { form: { to: language }, headers: { origin: world.phone }, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
}

/** Pays an order without the payment sheet. */
async function pay(page: Page, world: World, id: string): Promise<void> {
  await page.request.post(`/orders/${id}/pay`, { headers: { origin: world.phone }, maxRedirects: 0 });
  await world.simulator.pay(`${id}01`);
}

for (const language of LANGUAGES) {
  test(`a shopper's pages, ${language}`, async ({ ownWorld, console }) => {
    test.setTimeout(600_000);
    console.allowStatus(404);
    const { page, user, world } = await ownWorld({});
    await countShifts(page);
    await enter(page, user);
    // orders are placed in Chinese
    const paid = await order(page, PEN.path);
    await pay(page, world, paid);
    const open = await order(page, '/products/mug-celadon', 2);
    const closed = await order(page);
    const address = { name: '王小明', phone: '13800138000', region: '浙江省 杭州市 西湖区', detail: '某路 1 号' };
    const placed = await page.request.post('/orders', {
      form: { sku: 'slippers-linen-l', quantity: '1', to: 'new', ...address },
      headers: { origin: world.phone },
      maxRedirects: 0,
    });
    const toSend = /orders\/(\d+)/.exec(placed.headers()['location']!)![1]!;
    await pay(page, world, toSend);
    await page.request.post(`/orders/${closed}/cancel`, { headers: { origin: world.phone }, maxRedirects: 0 });
    await page.goto('/orders/new?sku=pen-brass-f&quantity=1');
    await page.request.post('/cart', { form: { sku: 'slippers-linen-l', quantity: '2' }, headers: { origin: world.phone } });
    await page.request.post('/cart', { form: { sku: 'pen-brass-f', quantity: '1' }, headers: { origin: world.phone } });
    await read(page, world, language);
    const looker = new Looker(page, language);
    const at = async (path: string, name: string) => {
      await page.goto(path);
      await settled(page);
      await looker.look(name);
    };
    await at('/', 'list');
    await at('/search?q=pen', 'search');
    await at('/search?q=zzz', 'search-empty');
    await at(PEN.path, 'product');
    await at('/products/slippers-linen', 'product-options');
    await openSpecifications(page);
    await looker.look('product-sheet', { fullPage: false });
    await at(`${PEN.path}#added`, 'product-added');
    await at('/cart', 'cart');
    await at('/cart/confirm?sku=slippers-linen-l*3900&sku=pen-brass-f*16800', 'cart-confirm');
    await at('/cart/confirm', 'cart-stale');
    await at('/orders/new?sku=pen-brass-f&quantity=1', 'confirm');
    await page.locator('input[name=phone]').evaluate(input => input.closest('form')!.setAttribute('novalidate', ''));
    await page.goto('/addresses');
    await looker.look('addresses-empty');
    const saved = await page.request.post('/addresses', { form: address, headers: { origin: world.phone }, maxRedirects: 0 });
    expect(saved.status()).toBe(303);
    await at('/addresses', 'addresses');
    await at('/orders/new?sku=pen-brass-f&quantity=1', 'confirm-address');
    await collect(page);
    await looker.look('confirm-pickup');
    await at('/orders', 'orders');
    await at('/orders?tab=to_ship', 'orders-tab');
    await at(`/orders/${open}`, 'order-unpaid');
    await at(`/orders/${open}/confirm`, 'order-confirm');
    await at(`/orders/${open}/delivery`, 'delivery');
    await at(`/orders/${paid}`, 'order-paid');
    await at(`/orders/${toSend}`, 'order-to-send');
    await at(`/orders/${toSend}/address`, 'change-address');
    await at(`/orders/${paid}/after-sale`, 'after-sale-form');
    const asked = await page.request.post(`/orders/${paid}/after-sale`, {
      multipart: { kind: 'refund', 'pieces-1': '1', reason: '不想要了' },
      headers: { origin: world.phone },
      maxRedirects: 0,
    });
    expect(asked.status(), await asked.text()).toBe(303);
    await at(asked.headers()['location']!, 'after-sale');
    await at(`/orders/${paid}/receipt`, 'receipt');
    await at(`/orders/${closed}`, 'order-closed');
    await at('/me', 'me');
    await at('/wallet', 'wallet');
    await at('/me/privacy', 'privacy');
    await at('/me/privacy/data', 'personal-data');
    await at('/delivery-fees', 'delivery-fees');
    await at('/orders/1', 'not-found');
    await at('/_style', 'style');
    looker.end();
  });

  test(`a stranger's pages and the pages of the simulated WeChat, ${language}`, async ({ ownWorld, browser, console }) => {
    test.setTimeout(300_000);
    console.allowStatus(404);
    const { world, user } = await ownWorld({});
    const context = await browser.newContext({ baseURL: world.phone, userAgent: DESKTOP, viewport: { width: 1280, height: 844 } });
    const page = await context.newPage();
    await countShifts(page);
    const looker = new Looker(page, language);
    await page.goto('/_phone/user?mode=desktop&next=%2F');
    await read(page, world, language);
    for (const [path, name] of [['/cart', 'cart-empty'], ['/orders', 'orders-empty'], ['/me', 'me-guest']] as const) {
      await page.goto(path);
      await looker.look(name);
    }
    await page.goto('/orders/new?sku=test-sticker-1&quantity=1');
    await collect(page);
    await page.locator('.bottom button.primary').click();
    await page.waitForURL(/\/code/);
    await looker.look('native-pay');
    const id = /orders\/(\d+)/.exec(page.url())![1]!;
    await page.goto(`/orders/${id}/returned`);
    await looker.look('h5-return');
    await buys(world, (await browser.newContext({ baseURL: world.phone })).request, 'a buyer');
    await page.goto(world.simulator.url);
    await looker.look('simulator', { finger: false });
    await page.goto(visit(user, '/_phone/user'));
    await page.goto(`/_phone/user?mode=iphone&next=${encodeURIComponent('/me')}`);
    await page.goto('/api/wechat/redirect?callback=%2Fme&scope=snsapi_userinfo');
    await looker.look('wechat-login', { finger: false });
    await page.goto('/api/wechat/redirect?callback=https%3A%2F%2Fevil.test&scope=snsapi_base');
    await looker.look('refused', { finger: false });
    await context.close();
    looker.end();
  });

  test(`the console's pages, ${language}`, async ({ ownWorld, browser, console }) => {
    test.setTimeout(600_000);
    console.allowStatus(401);
    console.allowStatus(404);
    const { world } = await ownWorld({});
    const context = await browser.newContext({ baseURL: world.phone, locale: 'zh-CN', userAgent: DESKTOP, viewport: { width: 1280, height: 844 } });
    const page = await context.newPage();
    await countShifts(page);
    const request = (await browser.newContext({ baseURL: world.phone })).request;
    const id = await buys(world, request, 'a buyer', ['pen-brass-f*16800', 'mug-celadon-300*5900']);
    // the notification of the payment may still be on its way
    await expect(async () => {
      const asked = await request.post(`/orders/${id}/refund-request`, { form: { reason: '不想要了' }, headers: { origin: world.phone }, maxRedirects: 0 });
      expect(asked.status()).toBe(303);
    }).toPass();
    const other = await buys(world, request, 'another buyer');
    await page.goto('/console');
    await read(page, world, language);
    const looker = new Looker(page, language);
    const at = async (path: string, name: string) => {
      await page.goto(path);
      await looker.look(`console-${name}`, { finger: false });
    };
    await at('/console/sign-in', 'sign-in');
    await read(page, world, 'zh-CN');
    await signIn(page, world);
    const ship = { carrier: '顺丰速运', tracking_no: 'SF1000000001' };
    await expect(async () => {
      const shipped = await page.request.post(`/console/orders/${other}/ship`, { form: ship, headers: { origin: world.phone }, maxRedirects: 0 });
      expect(shipped.status()).toBe(303);
    }).toPass();
    await read(page, world, language);
    await at('/console', 'overview');
    await at('/console/orders', 'orders');
    await at('/console/orders?view=shipped&q=SF', 'orders-search');
    await at('/console/orders?q=nothing-like-this', 'orders-empty');
    await at(`/console/orders/${id}`, 'order');
    for (const folded of await page.locator('main details').all()) await folded.evaluate(details => ((details as HTMLDetailsElement).open = true));
    await looker.look('console-order-open', { finger: false });
    await at(`/console/orders/${other}`, 'order-shipped');
    await at(`/console/orders/${id}/refund?fee=1&reason=a`, 'refund');
    await at('/console/catalogue', 'products');
    await at('/console/catalogue/new', 'new-product');
    await at('/console/catalogue/mug-celadon', 'product');
    await at('/console/differences', 'differences');
    await at('/console/settings', 'settings');
    await at('/console/staff', 'staff');
    await at('/console/account', 'account');
    await at('/console/audit', 'audit');
    await at('/console/after-sales', 'after-sales');
    await at('/console/orders/1', 'message');
    await page.goto(`/console/orders/${id}`);
    await page.emulateMedia({ media: 'print' });
    await looker.look('console-print', { finger: false });
    await context.close();
    looker.end();
  });
}
