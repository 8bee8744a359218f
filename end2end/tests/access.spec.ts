import { expect, test } from '../support/test';
import { at, collect, enter, live, openSheet, order, payButton, PEN, says } from '../support/shopper';

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
