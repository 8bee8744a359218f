import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { enter, live, openSheet, order, PEN, says, sheet } from '../support/shopper';

const SCREENS = resolve(__dirname, '../results/screens');
const WIDTHS = [320, 390, 430];
const SCHEMES = ['dark', 'light'] as const;

/** Takes screenshots in every width and colour scheme, and checks that nothing scrolls sideways. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, `${name} at ${width}`).toBeLessThanOrEqual(0);
    // light comes last: the payment sheet takes its colours when it opens
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${SCREENS}/${name}-${width}-${colorScheme}.png`, animations: 'disabled' });
    }
  }
}

test('screenshots of every page: nothing scrolls sideways, and the console has no error', async ({ page, user, console }) => {
  test.setTimeout(150_000);
  console.allowStatus(404);
  await enter(page, user);
  await look(page, 'list');
  await page.goto('/products/cushion-linen');
  await live(page.locator('.stepper'));
  await look(page, 'product-specs');
  await page.goto(PEN.path);
  await look(page, 'product');
  const id = await order(page, PEN.path, 2);
  await look(page, 'confirm');
  await openSheet(page);
  await look(page, 'sheet');
  await sheet(page).cancel.tap();
  await says(page, '待付款', id);
  await look(page, 'order-unpaid');
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  await look(page, 'order-paid');
  await order(page, '/products/notebook-linen');
  await order(page, '/products/tape-washi', 9);
  await page.goto('/orders');
  await look(page, 'my-orders');
  await page.goto('/orders/new?sku=pen-brass-f&quantity=2');
  await look(page, 'buy');
  await page.goto('/orders/1');
  await look(page, 'not-found');
});
