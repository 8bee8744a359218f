import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { at, collect, enter, live, openSheet, order, payButton, PEN, says } from '../support/shopper';

/** Checks that axe finds no problem, in light and in dark mode, and that each button and link is large enough to tap. */
async function check(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('main button, main a, main select, main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), nav a')]
      .filter(element => element.checkVisibility() && !element.closest('p, .line-text'))
      .map(element => ({ text: element.textContent?.trim() ?? '', height: element.getBoundingClientRect().height }))
      .filter(({ height }) => height > 0 && height < 44),
  );
  expect(small, `${name}: targets of less than 44 px`).toEqual([]);
}

test('axe finds no problem on any page, and each button is large enough', async ({ page, user, console }) => {
  test.setTimeout(400_000);
  console.allowStatus(404);
  await enter(page, user);
  await check(page, 'list');
  for (const path of ['/search?q=pen', PEN.path, '/products/slippers-linen', '/cart', '/orders', '/me', '/wallet', '/addresses', '/orders/1']) {
    await page.goto(path);
    await check(page, path);
  }
  await page.goto(PEN.path);
  await page.getByRole('button', { name: '加入购物车' }).tap();
  await page.getByRole('link', { name: '去购物车' }).tap();
  await expect(page.locator('.cart-line')).toHaveCount(1);
  await check(page, 'cart');
  await page.getByRole('button', { name: '结算' }).tap();
  await expect(page.getByLabel('使用新地址')).toBeChecked();
  await check(page, 'cart confirm');
  const id = await order(page);
  await check(page, 'confirm');
  await page.goto(`/orders/${id}/delivery`);
  await page.getByLabel('使用新地址').check();
  await check(page, 'delivery');
  await page.goto(`/orders/${id}`);
  await page.getByText('换个设备或请朋友付款').tap();
  await check(page, 'unpaid order');
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  await check(page, 'paid order');
  await page.goto(`/orders/${id}/receipt`);
  await check(page, 'receipt');
});

test('with large text nothing is cut off, and the shopper can pay', async ({ page, user }) => {
  // WeChat's largest text size on an iPhone sets this property
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => document.body.style.setProperty('-webkit-text-size-adjust', '140%')),
  );
  await page.setViewportSize({ width: 320, height: 640 });
  await enter(page, user);
  for (const path of ['/', PEN.path, '/products/slippers-linen', '/cart', '/me', '/wallet']) {
    await page.goto(path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, path).toBeLessThanOrEqual(0);
  }
  const id = await order(page);
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
});

test('a shopper can buy and pay with the keyboard', async ({ page, user }) => {
  await enter(page, user, PEN.path);
  await live(page.locator('.stepper'));
  await page.getByRole('button', { name: '立即购买' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(at('/orders/new'));
  await collect(page);
  const pay = payButton(page);
  // the browser shows the focus after a key, and not after a tap
  await page.keyboard.press('Tab');
  await pay.focus();
  await expect(pay).toBeFocused();
  expect(await pay.evaluate(button => getComputedStyle(button).outlineStyle)).not.toBe('none');
  await page.keyboard.press('Enter');
  await page.getByTestId('wechat-pay-confirm').tap();
  await says(page, '已支付');
});
