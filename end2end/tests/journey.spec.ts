import { expect, test } from '../support/test';
import {
  at, collect, confirmation, enter, live, myOrders, openSheet, order, orderId, payButton, PEN, says, sheet,
} from '../support/shopper';

test('a first visit ends with a paid order', async ({ page, user, logins, world }) => {
  await enter(page, user);
  await page.getByRole('link', { name: PEN.name }).tap();
  const stepper = await live(page.locator('.stepper'));
  await stepper.getByRole('button', { name: '增加' }).tap();
  await stepper.getByRole('button', { name: '增加' }).tap();
  await stepper.getByRole('button', { name: '减少' }).tap();
  await expect(stepper.getByRole('spinbutton')).toHaveValue('2');
  await page.getByRole('button', { name: '立即购买' }).tap();
  await expect(page).toHaveURL(at('/orders/new'));
  await expect(page.locator('.bottom .price')).toHaveText('¥336.00');
  expect(await world.simulator.ordersOf(user)).toEqual([]);
  await collect(page);
  // the confirmation places the order and opens the payment
  await payButton(page).tap();
  await expect(sheet(page).amount).toHaveText('¥336.00');
  await sheet(page).confirm.tap();
  await says(page, '已支付');
  await expect(payButton(page)).toHaveCount(0);

  const orders = await world.simulator.ordersOf(user);
  expect(orders).toMatchObject([{ trade_state: 'SUCCESS', total_fee: 2 * PEN.fen }]);
  await expect.poll(() => world.simulator.notificationsOf(orders[0])).toMatchObject([{ acknowledged: true }]);

  expect(logins).toHaveLength(1);
  const cookies = await page.context().cookies(world.phone);
  const seen = cookies.filter(cookie => !cookie.name.startsWith('phone_'));
  expect(seen.sort((one, other) => one.name.localeCompare(other.name))).toMatchObject([
    { name: 'openId', value: user.openid, httpOnly: false, sameSite: 'Lax' },
    { name: 'session', httpOnly: true, sameSite: 'Lax' },
  ]);
  expect(await page.evaluate(() => document.cookie)).toBe(`openId=${user.openid}`);
});

test('a cancelled payment can be paid later, and the page says what it knows', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await (await openSheet(page)).cancel.tap();
  await says(page, '待付款', id);
  await expect(page.getByText('您取消了支付')).toBeVisible();
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'NOTPAY' }]);
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('a failed payment can be paid later', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await (await openSheet(page)).fail.tap();
  await says(page, '待付款', id);
  await expect(page.getByText('支付没有成功')).toBeVisible();
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('a double tap on 微信支付 makes one order at WeChat and opens one sheet', async ({ page, user, world }) => {
  // the answer is so slow that both taps come before it
  await world.simulator.faults({ endpoint: 'unifiedorder', kind: 'delay', seconds: 3, times: 1 });
  await enter(page, user);
  const id = await order(page);
  const button = await live(payButton(page));
  // while one page turns into the next, no point of it takes a tap
  await button.tap({ trial: true });
  const box = (await button.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  // one after the other: two fingers at the same time are no tap
  await page.touchscreen.tap(x, y);
  await page.touchscreen.tap(x, y);
  await expect(sheet(page).all).toHaveCount(1);
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  await expect(sheet(page).all).toHaveCount(0);
  const orders = await world.simulator.ordersOf(user);
  expect(orders).toMatchObject([{ trade_state: 'SUCCESS' }]);
  expect(orders[0].prepay_ids).toHaveLength(1);
});

test('two taps in the same instant make one order at WeChat', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await (await live(payButton(page))).evaluate((button: HTMLButtonElement) => {
    button.click();
    button.click();
  });
  await expect(sheet(page).all).toHaveCount(1);
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toHaveLength(1);
});

test('a double tap on the confirmation places one order and opens one sheet', async ({ page, user, world }) => {
  await enter(page, user);
  await confirmation(page, '/products/test-sticker');
  await collect(page);
  const box = (await payButton(page).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await Promise.all([page.touchscreen.tap(x, y), page.touchscreen.tap(x, y)]);
  await expect(sheet(page).all).toHaveCount(1);
  await sheet(page).confirm.tap();
  await says(page, '已支付');
  expect(await world.simulator.ordersOf(user)).toHaveLength(1);
  expect(await myOrders(page)).toHaveLength(1);
});

test('going back from the confirmation leaves no order', async ({ page, user }) => {
  await enter(page, user);
  await confirmation(page, PEN.path);
  await page.goBack();
  await says(page, PEN.name);
  expect(await myOrders(page)).toEqual([]);
});

test('a reload with the sheet open loses nothing', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await openSheet(page);
  await page.reload();
  await expect(sheet(page).all).toHaveCount(0);
  expect(await orderId(page)).toBe(id);
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('the page stays under the payment sheet, also after the shopper used another app', async ({ page, user }) => {
  await enter(page, user);
  const id = await order(page);
  await live(payButton(page));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const { all, confirm } = await openSheet(page);
  // the page asks for the status after 0.5 s, then after 1 s, then after 1.5 s
  await page.waitForTimeout(3000);
  await expect(all).toHaveCount(1);
  expect(new URL(page.url()).pathname).toBe(`/orders/${id}/confirm`);
  await confirm.tap();
  await says(page, '已支付', id);
});

test("a reload of the order's page shows the same order, before and after the payment", async ({ page, user }) => {
  await enter(page, user);
  const id = await order(page);
  await (await openSheet(page)).cancel.tap();
  await says(page, '待付款', id);
  await page.reload();
  await says(page, '待付款', id);
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  await page.reload();
  await says(page, '已支付', id);
});

test('after a payment the back button does not offer to pay again', async ({ page, user, world }) => {
  await enter(page, user);
  await page.getByRole('link', { name: PEN.name }).tap();
  await live(page.locator('.stepper'));
  await page.getByRole('button', { name: '立即购买' }).tap();
  await collect(page);
  await payButton(page).tap();
  await sheet(page).confirm.tap();
  await says(page, '已支付');
  const id = await orderId(page);

  // the confirmation has left the history: the product stands in its place
  await page.goBack();
  await says(page, PEN.name);
  await expect(payButton(page)).toHaveCount(0);
  await page.goBack();
  await says(page, PEN.name);
  await page.goBack();
  await says(page, '小店');
  // the address of the confirmation redirects to the paid order
  await page.goto(`/orders/${id}/confirm`);
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toHaveLength(1);
});

test('back after the login does not log in again', async ({ page, user, logins }) => {
  await page.goto('about:blank');
  await enter(page, user);
  await page.getByRole('link', { name: PEN.name }).tap();
  await live(page.locator('.stepper'));
  await page.goBack();
  await says(page, '小店');
  await live(page.locator('.gate'));
  // the login added nothing to the history: one step back is the page before the shop
  await page.goBack();
  expect(page.url()).toBe('about:blank');
  await page.goForward();
  await says(page, '小店');
  await live(page.locator('.gate'));
  expect(logins).toHaveLength(1);
});

test('the JS-SDK is configured on every page, and a share shows the page', async ({ page, user, world }) => {
  await enter(page, user);
  await expect(page.locator('html')).toHaveAttribute('data-wx', 'ready');
  const id = await order(page, PEN.path);
  for (const path of ['/', `/orders/${id}/confirm`, '/orders', `/orders/${id}`, PEN.path]) {
    await page.goto(path);
    await expect(page.locator('html'), path).toHaveAttribute('data-wx', 'ready');
  }
  const link = world.phone + PEN.path;
  await expect
    .poll(async () => (await world.simulator.sharesOf(user)).slice(-2))
    .toMatchObject([{ page: link, data: { title: PEN.name, link } }, { page: link, data: { title: PEN.name, link } }]);
});
