import { confirmation, collect, enter, payButton, says, sheet } from '../support/shopper';
import { expect, test } from '../support/test';

test('the balance pays a part of an order, then all of another', async ({ page, user, world }) => {
  await enter(page, user, '/wallet');
  await page.getByRole('button', { name: '¥200', exact: true }).tap();
  await payButton(page).tap();
  await sheet(page).confirm.tap();
  await says(page, '已支付');

  // a part: two pens cost 336 yuan
  await confirmation(page, '/products/pen-brass', 2);
  await collect(page);
  const total = page.locator('.bottom .price');
  await expect(total).toHaveText('¥336.00');
  await page.getByRole('checkbox', { name: /使用余额，可用 ¥200.00/ }).check();
  await expect(total).toHaveText('¥136.00');
  await page.screenshot({ path: test.info().outputPath('confirmation.png'), fullPage: true });
  await payButton(page).tap();
  await expect(sheet(page).amount).toHaveText('¥136.00');
  await sheet(page).confirm.tap();
  await says(page, '已支付');
  await expect(page.getByText('余额支付')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('order.png'), fullPage: true });

  await page.goto('/wallet');
  await page.getByRole('button', { name: '¥200', exact: true }).tap();
  await payButton(page).tap();
  await sheet(page).confirm.tap();
  await says(page, '已支付');
  await confirmation(page, '/products/pen-brass');
  await collect(page);
  await page.getByRole('checkbox', { name: /使用余额/ }).check();
  await expect(total).toHaveText('¥0.00');
  await page.getByRole('button', { name: '提交订单' }).tap();
  await says(page, '已支付');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ total_fee: 20_000 }, { total_fee: 13_600 }, { total_fee: 20_000 }]);
  await page.goto('/wallet');
  await expect(page.locator('.balance')).toContainText('32.00');
  await expect(page.locator('#ledger .cell')).toHaveCount(4);
  await page.screenshot({ path: test.info().outputPath('wallet.png'), fullPage: true });
});
