import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import {
  at, enter, forgetful, live, loggedIn, myOrders, openSheet, order, PEN, pickUp, says, settled, visit,
} from '../support/shopper';

const ALL_OF_THE_SHOP = /^(login|session|openId)$/;

/** Checks for a page with a message and a link to this site. */
async function saysWhatToDo(page: Page, title: string): Promise<void> {
  await says(page, title);
  const link = page.locator('.message a');
  await expect(link).toBeVisible();
  expect(await link.evaluate((link: HTMLAnchorElement) => link.origin)).toBe(new URL(page.url()).origin);
}

/** Waits long enough to notice a loop. */
const quiet = (page: Page) => page.waitForTimeout(1500);

test('cookies lost once between redirect and callback: one more login, without a message', async ({ page, user, logins }) => {
  await forgetful(page, /^login$/, 1);
  await enter(page, user, PEN.path);
  await says(page, PEN.name);
  expect(logins).toHaveLength(2);
});

for (const [what, start] of [['the list', '/'], ['a product', PEN.path], ['my orders', '/orders']]) {
  test(`cookies always lost: ${what} ends at a message, without a loop`, async ({
    page, user, logins, console,
  }) => {
    console.allowStatus(400);
    await forgetful(page, ALL_OF_THE_SHOP);
    await page.goto(visit(user, start));
    await saysWhatToDo(page, '没有登录');
    await expect(page.locator('.message')).toContainText('Cookie');
    expect(logins).toHaveLength(2);
    await quiet(page);
    expect(logins).toHaveLength(2);

    await page.getByRole('link', { name: '重新登录' }).tap();
    await expect.poll(() => logins.length).toBe(4);
    await saysWhatToDo(page, '没有登录');
    await quiet(page);
    expect(logins).toHaveLength(4);
  });
}

test('the link of the message leads to a login once the browser keeps cookies', async ({ page, user, console }) => {
  console.allowStatus(400);
  await forgetful(page, /^login$/, 2);
  await page.goto(visit(user, PEN.path));
  await saysWhatToDo(page, '没有登录');
  await page.getByRole('link', { name: '重新登录' }).tap();
  await loggedIn(page);
  await says(page, PEN.name);
});

test('a session that is never kept: the list opens and says that the login failed', async ({
  page, user, logins,
}) => {
  await forgetful(page, /^(session|openId)$/);
  await page.goto(visit(user));
  await expect(page.getByText('登录没有成功')).toBeVisible();
  expect(logins).toHaveLength(2);
  await quiet(page);
  expect(logins).toHaveLength(2);
  await page.getByRole('link', { name: '点此重新登录' }).tap();
  await expect.poll(() => logins.length).toBe(3);
  await expect(page.getByText('登录没有成功')).toBeVisible();
  await quiet(page);
  expect(logins).toHaveLength(3);
});

test('a session that is never kept: my orders do not loop', async ({ page, user, logins, console }) => {
  console.allowStatus(400);
  await forgetful(page, /^(session|openId)$/);
  await page.goto(visit(user, '/orders'));
  await saysWhatToDo(page, '没有登录');
  await quiet(page);
  expect(logins.length).toBeLessThanOrEqual(3);
});

test('a session that ended while the openId cookie exists: one silent login, and back', async ({ page, user, logins }) => {
  await enter(page, user);
  const id = await order(page);
  await settled(page);
  await page.context().clearCookies({ name: 'session' });
  expect(await myOrders(page)).toHaveLength(1);
  expect(logins).toHaveLength(2);

  await page.context().clearCookies({ name: 'session' });
  await page.goto(`/orders/${id}`);
  await says(page, '待付款', id);
  await quiet(page);
  expect(logins).toHaveLength(3);
});

test('a session that ended before the tap on the pay button: one silent login, and the payment continues', async ({
  page, user, logins, world, console,
}) => {
  console.allowStatus(401);
  await enter(page, user);
  const id = await order(page);
  const button = await live(page.getByRole('button', { name: '微信支付' }));
  await settled(page);
  await page.context().clearCookies({ name: 'session' });
  const back = page.waitForResponse(response => at('/api/wechat/getOpenId').test(response.url()));
  // not tap(): it notices the navigation and taps again on the next page
  await button.evaluate((element: HTMLElement) => element.click());
  await back;
  await expect(page).toHaveURL(at(`/orders/${id}/confirm#wechat_redirect`));
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  expect(logins).toHaveLength(2);
  expect(await world.simulator.ordersOf(user)).toHaveLength(1);
});

test('a session that ended before 立即购买: one silent login, and the choice is still there', async ({
  page, user, logins,
}) => {
  await enter(page, user, PEN.path);
  const stepper = await live(page.locator('.stepper'));
  await stepper.getByRole('button', { name: '增加' }).tap();
  await settled(page);
  await page.context().clearCookies({ name: 'session' });
  await page.getByRole('button', { name: '立即购买' }).tap();
  await expect(page).toHaveURL(at('/orders/new'));
  await expect(page.locator('.bottom .price')).toHaveText('¥336.00');
  expect(logins).toHaveLength(2);
});

test("neither a forged openId cookie nor a forged session shows another shopper's orders", async ({
  page, user, logins, world, otherShopper,
}) => {
  const victim = await otherShopper();
  await enter(victim.page, victim.user);
  const id = await order(victim.page);

  await enter(page, user);
  const cookies = page.context();
  const [session] = (await cookies.cookies()).filter(cookie => cookie.name === 'session');
  const put = (name: string, value: string) => cookies.addCookies([{ name, value, url: world.phone }]);

  await put('openId', victim.user.openid);
  expect(await myOrders(page)).toEqual([]);
  expect(logins).toHaveLength(1);

  const forged = session.value.replace(user.openid, victim.user.openid);
  expect(forged).not.toBe(session.value);
  for (const value of [forged, victim.user.openid, `${victim.user.openid}.${Date.now()}.`, '']) {
    const before = logins.length;
    await put('session', value);
    expect(await myOrders(page), value).toEqual([]);
    expect(logins, value).toHaveLength(before + 1);
  }
  // the shopper is logged in with their own openid
  expect((await cookies.cookies()).find(cookie => cookie.name === 'openId')?.value).toBe(user.openid);
  await expect(page.locator('main')).not.toContainText(id);
});

test('a callback address of another site is refused with a message', async ({ page, user, logins, console }) => {
  console.allowStatus(400);
  await enter(page, user);
  for (const foreign of [
    'https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)', 'http://localhost:1/', '/a\r\nX: y', 'shop',
  ]) {
    const response = await page.goto(`/api/wechat/redirect?scope=snsapi_base&callback=${encodeURIComponent(foreign)}`);
    expect(response?.status(), foreign).toBe(400);
    await saysWhatToDo(page, '没有登录');
  }
  expect(logins).toHaveLength(1);
  await page.locator('.message a').tap();
  await says(page, '小店');
});

test('a wrong or missing state gives a message with a link', async ({ page, user, console }) => {
  console.allowStatus(400);
  await pickUp(page, user);
  for (const query of ['code=abc&state=00ff', 'code=abc', 'state=', '', 'code=abc&state=%ff', 'code=a&code=b&state=1']) {
    const response = await page.goto(`/api/wechat/getOpenId?${query}`);
    expect(response?.status(), query).toBe(400);
    await saysWhatToDo(page, '没有登录');
  }
  await page.getByRole('link', { name: '重新登录' }).tap();
  await loggedIn(page);
  await says(page, '小店');
});

test('a code that WeChat refuses gives a message with a link', async ({
  page, user, world, console,
}) => {
  console.allowStatus(400);
  await world.simulator.faults({ endpoint: 'access_token', kind: 'error', code: '40163', times: 1 });
  await page.goto(visit(user, PEN.path));
  await saysWhatToDo(page, '没有登录');
  await page.getByRole('link', { name: '重新登录' }).tap();
  await loggedIn(page);
  await says(page, PEN.name);
});

test('while WeChat does not answer, the login says so and the shopper can try again', async ({ page, user, world, console }) => {
  console.allowStatus(503);
  await world.simulator.faults({ endpoint: 'access_token', kind: 'http_500' });
  await page.goto(visit(user, PEN.path));
  await saysWhatToDo(page, '没有登录');
  await world.simulator.faults();
  await page.getByRole('link', { name: '重新登录' }).tap();
  await loggedIn(page);
  await says(page, PEN.name);
});

test('a used callback address redirects a logged-in shopper', async ({ page, user, logins }) => {
  const [callback] = await Promise.all([
    page.waitForRequest(request => at('/api/wechat/getOpenId').test(request.url())),
    enter(page, user, PEN.path),
  ]);
  const response = await page.goto(callback.url());
  expect(response?.status()).toBe(200);
  await says(page, PEN.name);
  expect(logins).toHaveLength(1);
});

test("a used callback address in another browser does not log in its first user", async ({
  page, user, world, otherShopper,
}) => {
  const [callback] = await Promise.all([
    page.waitForRequest(request => at('/api/wechat/getOpenId').test(request.url())),
    enter(page, user, PEN.path),
  ]);
  const other = await otherShopper();
  await pickUp(other.page, other.user);
  await other.page.goto(callback.url());
  await loggedIn(other.page);
  await says(other.page, PEN.name);
  const cookies = await other.page.context().cookies(world.phone);
  expect(cookies.find(cookie => cookie.name === 'openId')?.value).toBe(other.user.openid);
});

test('a callback address with a wrong state redirects a logged-in shopper', async ({ page, user }) => {
  await enter(page, user);
  for (const query of ['code=abc&state=00ff', 'code=abc', '']) {
    const response = await page.goto(`/api/wechat/getOpenId?${query}`);
    expect(response?.status(), query).toBe(200);
    await says(page, '小店');
  }
});
