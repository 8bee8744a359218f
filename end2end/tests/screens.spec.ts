import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { enter, live, order, PEN } from '../support/shopper';

/** Compares the page with the pictures in `screens/`. `npx playwright test screens --update-snapshots` renews them. */
async function looksAsBefore(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page).toHaveScreenshot(`${name}-${colorScheme}.png`, {
      animations: 'disabled',
      scale: 'css',
      // numbers and times differ in each run
      mask: [page.locator('.facts'), page.locator('.timeline'), page.locator('.state p')],
      // versions of Chromium draw letters a little differently
      maxDiffPixelRatio: 0.02,
    });
  }
}

test('the main pages look as before', async ({ ownWorld }) => {
  // a world of its own: the console's tests change prices and pictures
  const { page, user } = await ownWorld({});
  await enter(page, user);
  await page.waitForLoadState('networkidle');
  await looksAsBefore(page, 'list');
  await page.goto('/products/slippers-linen');
  await live(page.locator('.stepper'));
  await looksAsBefore(page, 'product');
  await page.goto(PEN.path);
  await page.getByRole('button', { name: '加入购物车' }).tap();
  await page.getByRole('link', { name: '去购物车' }).tap();
  await expect(page.locator('.cart-line')).toHaveCount(1);
  await looksAsBefore(page, 'cart');
  await page.getByRole('button', { name: '结算' }).tap();
  await live(page.getByRole('button', { name: '使用微信收货地址' }));
  await looksAsBefore(page, 'confirm');
  const id = await order(page);
  await page.goto(`/orders/${id}`);
  await live(page.getByRole('button', { name: '微信支付' }));
  await looksAsBefore(page, 'order');
});
