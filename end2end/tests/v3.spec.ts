import { expect, test } from '../support/test';
import { at, enter, openSheet, order, payButton, PEN, says, sheet } from '../support/shopper';

test('with WECHAT_PAY_API=v3 orders are paid, by the island and by the form', async ({ ownWorld }) => {
  const { page, user, world } = await ownWorld({ WECHAT_PAY_API: 'v3' });
  await enter(page, user);
  const id = await order(page, PEN.path);
  const { amount, confirm } = await openSheet(page);
  await expect(amount).toHaveText('¥168.00');
  await confirm.tap();
  await says(page, '已支付', id);

  const other = await order(page);
  await expect(payButton(page)).toBeVisible();
  await page.locator('form.bottom').evaluate((form: HTMLFormElement) => form.submit());
  await expect(page).toHaveURL(at(`/orders/${other}/pay`));
  await expect(page.locator('#payment')).toHaveAttribute('data-sign-type', 'RSA');
  await sheet(page).confirm.tap();
  await says(page, '已支付', other);

  const orders = await world.simulator.ordersOf(user);
  expect(orders).toMatchObject([{ trade_state: 'SUCCESS' }, { trade_state: 'SUCCESS' }]);
  for (const paid of orders) {
    await expect.poll(() => world.simulator.notificationsOf(paid)).toMatchObject([{ acknowledged: true }]);
  }
});
