import { expect, type Locator, type Page } from '@playwright/test';
import type { User } from './simulator';

/** Waits until the island of this element reacts. */
export async function live(element: Locator): Promise<Locator> {
  await expect(element, 'the island is not live').toHaveAttribute('data-live', '');
  return element;
}

/** Waits until the page has sent its own requests. Before that, the page notices a session that ends. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
}

/** Matches an address of the shop by its path. WeChat may add a fragment during the login. */
export function at(path: string): RegExp {
  return new RegExp(`^https?://[^/]+${path}([?#]|$)`);
}

/** Opens the shop in this user's WeChat and waits until the silent login is complete. */
export async function enter(page: Page, user: User, next = '/'): Promise<void> {
  await page.goto(visit(user, next));
  await loggedIn(page);
}

/** Makes this user the current WeChat user, without a visit to the shop. */
export async function pickUp(page: Page, user: User): Promise<void> {
  await page.request.get(visit(user, '/healthz'));
}

export function visit(user: User, next = '/'): string {
  return `/_phone/user?openid=${user.openid}&next=${encodeURIComponent(next)}`;
}

export async function loggedIn(page: Page): Promise<void> {
  await expect(async () => {
    expect((await page.context().cookies()).map(cookie => cookie.name)).toContain('openId');
  }).toPass({ timeout: 15_000 });
  await live(page.locator('.gate'));
}

export const PEN = { name: '黄铜钢笔', path: '/products/pen-brass', fen: 16800 };

/** Orders a product. Returns the order's id, with the page open that pays it. */
export async function order(page: Page, product = '/products/test-sticker', quantity = 1): Promise<string> {
  await confirmation(page, product, quantity);
  await collect(page);
  // as a program orders: the confirmation's own button also begins the payment
  await page.locator('input[name=pay]').evaluate(field => field.remove());
  await payButton(page).tap();
  return orderId(page);
}

/** Opens the confirmation of a product: nothing is ordered yet. */
export async function confirmation(page: Page, product: string, quantity = 1): Promise<void> {
  await page.goto(product);
  const stepper = await live(page.locator('.stepper'));
  await openSpecifications(page);
  for (let step = 1; step < quantity; step++) await stepper.getByRole('button', { name: '增加' }).tap();
  await expect(stepper.getByRole('spinbutton')).toHaveValue(String(quantity));
  await page.getByRole('button', { name: '立即购买' }).tap();
  await expect(page).toHaveURL(at('/orders/new'));
}

/** Opens the sheet of the specifications, if the product has several. */
export async function openSpecifications(page: Page): Promise<void> {
  const opener = page.getByRole('button', { name: /选择规格|Choose an option/ });
  if ((await opener.count()) === 0) return;
  await opener.tap();
  await expect(page.getByRole('dialog')).toBeVisible();
}

/** Chooses on the confirmation that the shopper collects the order. */
export async function collect(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /到店自取|Store pickup/ }).check();
  await page.locator('input[name=pickup_name]').fill('小王');
  await page.locator('input[name=pickup_phone]').fill('13800000000');
}

/** The id of the order that the page shows. */
export async function orderId(page: Page): Promise<string> {
  // not waitForURL, and not a function: they fail when a second navigation interrupts the first
  await expect(page).toHaveURL(at('/orders/\\d+(/confirm)?'));
  return page.getByTestId('order-id').innerText();
}

export function payButton(page: Page): Locator {
  return page.getByRole('button', { name: '微信支付' });
}

/** WeChat's payment sheet. */
export function sheet(page: Page) {
  return {
    all: page.getByTestId('wechat-pay-sheet'),
    amount: page.getByTestId('wechat-pay-amount'),
    confirm: page.getByTestId('wechat-pay-confirm'),
    cancel: page.getByTestId('wechat-pay-cancel'),
    fail: page.getByTestId('wechat-pay-fail'),
  };
}

/** Taps the live pay button and waits for the sheet. */
export async function openSheet(page: Page): Promise<ReturnType<typeof sheet>> {
  await (await live(payButton(page))).tap();
  await expect(sheet(page).all).toHaveCount(1);
  return sheet(page);
}

/** Checks the state that the order's page shows. */
export async function says(page: Page, word: string, order?: string): Promise<void> {
  if (order) await expect(page).toHaveURL(at(`/orders/${order}`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(word);
}

/** Reloads the order's page until it shows this state: for browsers without islands. */
export async function comesToSay(page: Page, word: string): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(word, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
}

/** The texts of the orders in "my orders". */
export async function myOrders(page: Page): Promise<string[]> {
  await page.goto('/orders');
  await expect(page.getByRole('heading', { name: '我的订单' })).toBeVisible();
  return page.locator('.panel.order').allInnerTexts();
}

/**
 * Makes the browser delete these cookies after each response of the shop's login, before the next request.
 * Playwright's routes do not see redirects, so this uses the protocol of the developer tools.
 */
export async function forgetful(page: Page, cookies: RegExp, times = Infinity): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  let left = times;
  devtools.on('Fetch.requestPaused', async ({ requestId }) => {
    const held = (await page.context().cookies()).some(({ name }) => cookies.test(name));
    if (held && left-- > 0) await page.context().clearCookies({ name: cookies });
    await devtools.send('Fetch.continueRequest', { requestId }).catch(() => {}); // the page may have closed
  });
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: '*/api/wechat/*', requestStage: 'Response' }] });
}
