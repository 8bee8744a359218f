import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { comesToSay, enter, live, openSheet, order, payButton, says } from '../support/shopper';

// The stock of this product is 1.
const THROW = '/products/throw-wool';
const SOON = { SHOP_ORDER_EXPIRE_S: '6' };

async function stockIs(page: Page, words: string): Promise<void> {
  await page.goto(THROW);
  await expect(page.locator('.spec .muted')).toHaveText(words);
}

test('an unpaid order is closed, and its stock is back', async ({ ownWorld, console }) => {
  const { page, user, world } = await ownWorld(SOON);
  await enter(page, user);
  await stockIs(page, '剩 1 件');
  // this page gets no status: it keeps offering to pay
  await page.route('**/api/fn/order_status', () => {});
  const id = await order(page, THROW);

  const second = await page.context().newPage();
  await stockIs(second, '已售罄');
  await expect(second.getByRole('button', { name: '已售罄' })).toBeDisabled();
  await second.goto(`/orders/${id}`);
  await comesToSay(second, '已关闭');
  await expect(payButton(second)).toHaveCount(0);
  await stockIs(second, '剩 1 件');

  // the first page still offers to pay
  console.allowStatus(409);
  await (await live(payButton(page))).tap();
  await expect(page.getByRole('alert')).toHaveText('订单已关闭，请重新下单');
  expect(await world.simulator.ordersOf(user)).toEqual([]);
});

test('an order with a started payment is closed at WeChat before its stock is back', async ({ ownWorld }) => {
  const { page, user, world } = await ownWorld(SOON);
  await enter(page, user);
  const id = await order(page, THROW);
  await (await openSheet(page)).cancel.tap();
  await says(page, '待付款', id);
  await comesToSay(page, '取消中');
  await expect(payButton(page)).toHaveCount(0);
  await stockIs(page, '已售罄');
  // WeChat rejects a close within the first five minutes
  await world.jobsIn(10 * 60);
  await page.goto(`/orders/${id}`);
  await says(page, '已关闭', id);
  await stockIs(page, '剩 1 件');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'CLOSED' }]);
});

test('a payment that is confirmed while the order is being closed counts', async ({ ownWorld }) => {
  const { page, user, world } = await ownWorld(SOON);
  await enter(page, user);
  const id = await order(page, THROW);
  const { confirm } = await openSheet(page);
  const second = await page.context().newPage();
  await second.goto(`/orders/${id}`);
  await comesToSay(second, '取消中');
  await confirm.tap();
  await says(page, '已支付', id);
  await stockIs(page, '已售罄');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});
