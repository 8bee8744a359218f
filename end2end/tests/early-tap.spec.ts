import { expect, test } from '../support/test';
import {
  at, collect, comesToSay, enter, live, openSheet, order, orderId, payButton, PEN, says, sheet, visit,
} from '../support/shopper';

test('a tap on 微信支付 before the islands are live counts', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  const held: (() => void)[] = [];
  let release = false;
  await page.route('**/*.wasm', async route => {
    if (!release) await new Promise<void>(go => held.push(go));
    await route.continue().catch(() => {}); // the page may have closed
  });
  await page.reload({ waitUntil: 'commit' });
  const posted = page.waitForResponse(
    response => response.request().method() === 'POST' && at(`/orders/${id}/pay`).test(response.url()),
  );
  await expect(payButton(page)).not.toHaveAttribute('data-live');
  await payButton(page).tap();
  const response = await posted;
  expect(response.status()).toBe(303);
  expect(await response.headerValue('location')).toBe(`/orders/${id}/pay`);

  await expect(sheet(page).all).toHaveCount(1);
  await expect(sheet(page).amount).toHaveText('¥0.01');
  release = true;
  held.forEach(go => go());
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS', total_fee: 1 }]);

  // the form's page is not in the history either
  await page.goBack();
  await says(page, '已支付', id);
  await expect(payButton(page)).toHaveCount(0);
});

test('two taps before the islands are live make one order at WeChat', async ({ page, user, world, console }) => {
  console.allow(/ERR_FAILED/, /Failed to fetch/);
  await world.simulator.faults({ endpoint: 'unifiedorder', kind: 'delay', seconds: 1, times: 1 });
  await enter(page, user);
  const id = await order(page);
  await page.route('**/*.wasm', route => route.abort());
  await page.reload();
  const box = (await payButton(page).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await Promise.all([page.touchscreen.tap(x, y), page.touchscreen.tap(x, y)]);
  await expect(sheet(page).all).toHaveCount(1);
  await sheet(page).confirm.tap();
  await expect(page).toHaveURL(at(`/orders/${id}`));
  await comesToSay(page, '已支付');
  expect(await world.simulator.ordersOf(user)).toHaveLength(1);
});

test('without WebAssembly the whole journey works', async ({ page, user, world, logins, console }) => {
  console.allow(/WebAssembly/);
  await page.addInitScript(() => {
    delete (window as { WebAssembly?: unknown }).WebAssembly;
  });
  await page.goto(visit(user));
  await page.getByRole('link', { name: PEN.name }).tap();
  await page.getByRole('spinbutton').fill('3');
  await page.getByRole('button', { name: '立即购买' }).tap();
  // no island logged the shopper in: the server does it now, and then asks for a confirmation
  await expect(page).toHaveURL(at('/orders/new'));
  await expect(page.locator('.bottom .price')).toHaveText('¥504.00');
  await collect(page);
  await payButton(page).tap();
  await expect(sheet(page).amount).toHaveText('¥504.00');
  await sheet(page).cancel.tap();
  await says(page, '待付款');
  const id = await orderId(page);
  await payButton(page).tap();
  await sheet(page).confirm.tap();
  await expect(page).toHaveURL(at(`/orders/${id}`));
  await comesToSay(page, '已支付');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS', total_fee: 3 * PEN.fen }]);
  expect(logins).toHaveLength(1);
});

test('where wx.config is refused, the tap still pays', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await world.simulator.faults({ endpoint: 'preVerifyJSAPI', kind: 'refuse' });
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-wx', 'failed');
  await (await live(payButton(page))).tap();
  await expect(page).toHaveURL(at(`/orders/${id}/pay`));
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('where the JS-SDK script does not load, the tap still pays', async ({ page, user, world, console }) => {
  console.allow(/ERR_FAILED/);
  await page.route('**/open/js/**', route => route.abort());
  await enter(page, user);
  const id = await order(page);
  await (await live(payButton(page))).tap();
  await expect(page).toHaveURL(at(`/orders/${id}/pay`));
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('where the bridge never calls back, a shopper who returns to the page sees the order paid', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await world.simulator.faults({ endpoint: 'getBrandWCPayRequest', kind: 'callback_never' });
  await (await openSheet(page)).confirm.tap();
  await expect.poll(() => world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
  // the shopper returns from another app
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await says(page, '已支付', id);
});

test('a page from the back/forward cache does not offer to pay again', async ({
  playwright, world, user, console, contextOptions, userAgent, viewport, launchOptions,
}) => {
  // Playwright disables the back/forward cache of Chromium; WeChat's browsers have one
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  const context = await browser.newContext({ ...contextOptions, userAgent, viewport, baseURL: world.phone });
  await console.listenTo(context);
  // some browsers keep a page in spite of no-store: for this test the header is removed. Then Chromium does not know that the
  // page came from this machine, and asks for a permission before it loads the JS-SDK from there
  await context.grantPermissions(['local-network-access']);
  await context.route(/\/(orders|api)\//, async route => {
    if (route.request().method() !== 'GET' && !route.request().url().includes('/api/fn/')) return route.continue();
    const response = await route.fetch({ maxRedirects: 0 });
    const headers = { ...response.headers() };
    delete headers['cache-control'];
    await route.fulfill({ response, headers });
  });
  const page = await context.newPage();
  await enter(page, user);
  const id = await order(page);
  await live(payButton(page));
  await page.evaluate(() =>
    addEventListener('pageshow', event => sessionStorage.setItem('came back', event.persisted ? 'whole' : 'anew')),
  );
  // submits the form without the island
  await page.locator('form.bottom').evaluate((form: HTMLFormElement) => form.submit());
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  await page.evaluate(() => history.back());
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('came back')).catch(() => '')).toBe('whole');
  await says(page, '已支付', id);
  await expect(payButton(page)).toHaveCount(0);
  await browser.close();
});
