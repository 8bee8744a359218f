import { expect, test } from '../support/test';
import { enter, myOrders, openSheet, order, says } from '../support/shopper';

test('a lost notification: the shop queries WeChat without a page', async ({ page, user, world, context }) => {
  await world.simulator.notifications({ drop: true });
  await enter(page, user);
  await order(page);
  await openSheet(page);
  await page.close();
  const [placed] = await world.simulator.ordersOf(user);
  await world.simulator.pay(placed.out_trade_no);

  const later = await context.newPage();
  await expect.poll(() => myOrders(later)).toEqual([expect.stringContaining('已支付')]);
  expect(await world.simulator.notificationsOf(placed)).toMatchObject([{ acknowledged: false }]);
  await later.close();
});

test('a lost notification: the page that stays shows the order paid', async ({ page, user, world }) => {
  await world.simulator.notifications({ drop: true });
  await enter(page, user);
  const id = await order(page);
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  const [placed] = await world.simulator.ordersOf(user);
  expect(await world.simulator.notificationsOf(placed)).toMatchObject([{ acknowledged: false }]);
});

test('a notification that comes after the query changes nothing and is acknowledged', async ({ page, user, world }) => {
  await world.simulator.notifications({ drop: 1 });
  await enter(page, user);
  const id = await order(page);
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  const [placed] = await world.simulator.ordersOf(user);
  await world.simulator.advance(15);
  await expect.poll(() => world.simulator.notificationsOf(placed)).toMatchObject([{ acknowledged: true }]);
  await page.reload();
  await says(page, '已支付', id);
});
