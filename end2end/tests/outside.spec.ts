import { expect, test } from '../support/test';

// A browser on a desk that is not WeChat's.
test.use({
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  viewport: { width: 1280, height: 800 },
  isMobile: false,
  hasTouch: false,
});

test('outside WeChat every page says what to do, and nobody is sent to the login', async ({ page, world, logins }) => {
  for (const path of ['/', '/products/pen-brass']) {
    await page.goto(`${world.shop}${path}`);
    await expect(page.getByText('请在微信中打开本店')).toBeVisible();
  }
  expect(logins).toEqual([]);
});

test("outside WeChat the shopper's own pages say what to do", async ({ page, world, logins, console }) => {
  console.allowStatus(403);
  for (const path of ['/orders', '/orders/new?sku=pen-brass-f&quantity=1', '/orders/202611211252523462823211']) {
    const response = await page.goto(`${world.shop}${path}`);
    expect(response?.status()).toBe(403);
    await expect(page.getByRole('heading', { name: '请在微信中打开' })).toBeVisible();
    await expect(page.getByRole('link', { name: '回到首页' })).toBeVisible();
  }
  expect(logins).toEqual([]);
});

test('outside WeChat 立即购买 says what to do', async ({ ownWorld, console }) => {
  console.allowStatus(403);
  // as in life: the address is the shop's own, only the browser is not WeChat's
  const { world, page } = await ownWorld(world => ({ SHOP_PUBLIC_URL: world.shop }));
  await page.goto(`${world.shop}/products/pen-brass`);
  const answer = page.waitForResponse(response => response.request().method() === 'POST');
  await page.getByRole('button', { name: '立即购买' }).click();
  expect((await answer).status()).toBe(403);
  await expect(page.getByRole('heading', { name: '请在微信中打开' })).toBeVisible();
  await page.getByRole('link', { name: '回到首页' }).click();
  await expect(page.getByText('请在微信中打开本店')).toBeVisible();
});

test("at an address that is not SHOP_PUBLIC_URL 立即购买 says what to do", async ({ page, world, console }) => {
  console.allowStatus(403);
  // this is what `make run` prints as "the shop, as seen outside WeChat": another origin than the phone's
  await page.goto(`${world.shop}/products/pen-brass`);
  const answer = page.waitForResponse(response => response.request().method() === 'POST');
  await page.getByRole('button', { name: '立即购买' }).click();
  expect((await answer).status()).toBe(403);
  await expect(page.locator('body')).toContainText('微信', { timeout: 3000 });
  await expect(page.getByRole('link')).toBeVisible();
});
