import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { at, collect, comesToSay, live, orderId, payButton, says } from '../support/shopper';

/** The addresses that show the shop in a browser outside WeChat: crates/simulator/README.md. */
const DESK = '/_phone/user?mode=desktop&next=';
const PHONE = '/_phone/user?mode=browser&next=';

test.use({
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  viewport: { width: 1280, height: 800 },
  isMobile: false,
  hasTouch: false,
});

async function buy(page: Page, client: string): Promise<string> {
  await page.goto(client + encodeURIComponent('/products/test-sticker'));
  await page.getByRole('button', { name: '立即购买' }).click();
  await collect(page);
  await page.locator('input[name=pay]').evaluate(field => field.remove());
  await payButton(page).click();
  return orderId(page);
}

/** Buys with the forms only, without a script. */
async function confirmPlain(page: Page, client: string): Promise<void> {
  await page.goto(client + encodeURIComponent('/products/test-sticker'));
  await page.getByRole('button', { name: '立即购买' }).click();
  await collect(page);
  await payButton(page).click();
}

test('pages open for everyone, and no visitor is sent to the login', async ({ page, user, logins }) => {
  expect(user.openid).toBeTruthy();
  for (const path of ['/', '/products/pen-brass', '/orders', '/cart', '/me', '/search?q=pen']) {
    const response = await page.goto(DESK + encodeURIComponent(path));
    expect(response?.status(), path).toBe(200);
    await live(page.locator('.gate'));
  }
  expect(logins).toEqual([]);
});

test('on a desktop the shopper pays with a QR code, and the page notices it', async ({ page, user, world }) => {
  const id = await buy(page, DESK);
  await payButton(page).click();
  await expect(page).toHaveURL(at(`/orders/${id}/code`));
  await expect(page.getByRole('img', { name: '请用微信“扫一扫”付款' })).toBeVisible();
  const code = (await world.simulator.attemptsOf(id))[0]?.code_url;
  expect(code).toMatch(/^weixin:/);
  await world.simulator.call('pay', { code_url: code, openid: user.openid, outcome: 'ok' });
  await says(page, '已支付', id);
});

test('on a phone the shopper pays at the H5 cashier, and the return page asks for the result', async ({ page, user, world }) => {
  expect(user.openid).toBeTruthy();
  const id = await buy(page, PHONE);
  await payButton(page).click();
  await expect(page.locator('#h5-amount')).toHaveText('¥0.01');
  // the shopper returns without a payment: the shop does not know the result yet
  await page.locator('#h5-leave').click();
  await expect(page.getByRole('heading', { name: '支付完成了吗？' })).toBeVisible();
  await page.getByRole('button', { name: '重新支付' }).click();
  await page.locator('#h5-pay').click();
  await says(page, '已支付', id);
  const paid = await world.simulator.attemptsOf(id);
  expect(paid.map(order => order.trade_state)).toEqual(['SUCCESS']);
});

test('without JavaScript a shopper can pay on a desktop and on a phone', async ({ browser, user, world }) => {
  const context = await browser.newContext({ baseURL: world.phone, javaScriptEnabled: false, locale: 'zh-CN' });
  const page = await context.newPage();
  await confirmPlain(page, PHONE);
  await page.locator('#h5-pay').click();
  await comesToSay(page, '已支付');

  await confirmPlain(page, DESK);
  await expect(page).toHaveURL(at('/orders/\\d+/code'));
  const desk = /orders\/(\d+)/.exec(page.url())![1]!;
  const code = (await world.simulator.attemptsOf(desk))[0]?.code_url;
  await world.simulator.call('pay', { code_url: code, openid: user.openid, outcome: 'ok' });
  // the page reloads itself
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('已支付', { timeout: 20_000 });
  await context.close();
});

test('another device can open an order by its link only', async ({ page, console, otherShopper }) => {
  console.allowStatus(404);
  const id = await buy(page, DESK);
  await page.goto(`/orders/${id}`);
  await page.getByText('找朋友代付，或换设备付款').click();
  const link = await page.locator('.address-text').inputValue();
  expect(link).toMatch(/\/orders\/\d+\/link\/\w{32}$/);

  const other = await otherShopper();
  await other.page.goto(PHONE + encodeURIComponent(`/orders/${id}`));
  await expect(other.page.getByRole('heading', { name: '没有找到' })).toBeVisible();
  await other.page.goto(link);
  await expect(other.page.getByTestId('order-id')).toHaveText(id);
  await expect(other.page.getByRole('button', { name: '取消订单' })).toHaveCount(0);
  await payButton(other.page).click();
  await other.page.locator('#h5-pay').click();
  await says(other.page, '已支付', id);
  await comesToSay(page, '已支付');
});

test("at an address that is not SHOP_PUBLIC_URL 立即购买 says what to do", async ({ page, world, console }) => {
  console.allowStatus(403);
  await page.goto(`${world.shop}/products/pen-brass`);
  await page.getByRole('button', { name: '立即购买' }).click();
  await collect(page);
  const answer = page.waitForResponse(response => response.request().method() === 'POST');
  await payButton(page).click();
  expect((await answer).status()).toBe(403);
  await expect(page.getByText('您打开的不是本店对外的网址')).toBeVisible();
  await expect(page.getByRole('link', { name: '打开本店' })).toHaveAttribute('href', world.phone);
});
