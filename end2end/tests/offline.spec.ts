import { expect, test } from '../support/test';
import { at, enter, live, openSheet, openSpecifications, order, payButton, PEN, says, settled, sheet } from '../support/shopper';

test('without network the shopper reads it, stays on the page, and goes on later', async ({ page, user, context, console }) => {
  console.allow(/ERR_INTERNET_DISCONNECTED/);
  await enter(page, user, '/products/mug-celadon');
  await settled(page);
  const hint = page.getByRole('status').filter({ hasText: '网络断开了' });
  await expect(hint).toBeHidden();
  await openSpecifications(page);
  await page.getByRole('radio', { name: /450/ }).check();
  await context.setOffline(true);
  await expect(hint).toBeVisible();
  await page.getByRole('button', { name: '加入购物车' }).tap();
  await page.getByRole('button', { name: '关闭' }).tap();
  await page.locator('.bar a[href="/cart"]').tap();
  // the browser would have opened its error page
  await expect(page).toHaveURL(at('/products/mug-celadon'));
  await openSpecifications(page);
  await expect(page.getByRole('radio', { name: /450/ })).toBeChecked();
  await context.setOffline(false);
  await expect(hint).toBeHidden();
  await page.getByRole('button', { name: '加入购物车' }).tap();
  await page.getByRole('link', { name: '去购物车' }).tap();
  await expect(page.locator('.cart-line')).toContainText('450 毫升');
});

test('a payment without network says so, and the next tap pays', async ({ page, user, context, console }) => {
  console.allow(/ERR_INTERNET_DISCONNECTED/);
  await enter(page, user);
  const id = await order(page, PEN.path);
  await live(payButton(page));
  await settled(page);
  await context.setOffline(true);
  await payButton(page).tap();
  await expect(page.getByRole('alert').filter({ hasText: '网络不太好，请稍后再试' })).toBeVisible();
  await expect(payButton(page)).toBeEnabled();
  await context.setOffline(false);
  await openSheet(page);
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
});

test('a request that the server fails to answer leaves the button ready', async ({ page, user, console }) => {
  console.allow(/ERR_FAILED/);
  await enter(page, user);
  await order(page, PEN.path);
  await live(payButton(page));
  await page.route('**/api/fn/pay', route => route.abort());
  await payButton(page).tap();
  await expect(page.getByRole('alert').filter({ hasText: '网络不太好，请稍后再试' })).toBeVisible();
  await expect(payButton(page)).toBeEnabled();
});
