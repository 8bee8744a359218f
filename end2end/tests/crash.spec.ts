import { expect, test } from '../support/test';
import { enter, myOrders, openSheet, order } from '../support/shopper';

// The test stops the server, the shopper pays, and the test kills the stopped server: it never received the notification.

test('killed between payment and notification: after the restart the query finds the payment', async ({ ownWorld }) => {
  const { page, user, world } = await ownWorld({ SHOP_QUERY_INTERVALS_S: '3,3,3,5,5,10,10' });
  await world.simulator.notifications({ delay_s: 3600 });
  await enter(page, user);
  await order(page);
  await openSheet(page);
  await page.goto('about:blank');
  await world.signalServer('SIGSTOP');
  const [placed] = await world.simulator.ordersOf(user);
  await world.simulator.pay(placed.out_trade_no);
  await world.signalServer('SIGKILL');

  await world.restart();
  await expect.poll(() => myOrders(page)).toEqual([expect.stringContaining('已支付')]);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
  expect(await world.simulator.notificationsOf(placed)).toMatchObject([{ attempts: [] }]);
});

test('killed between payment and notification: after the restart the notification is taken', async ({ ownWorld }) => {
  // the first query comes too late to find the payment
  const { page, user, world } = await ownWorld({ SHOP_QUERY_INTERVALS_S: '3600' });
  await world.simulator.notifications({ delay_s: 60 });
  await enter(page, user);
  await order(page);
  await openSheet(page);
  await page.goto('about:blank');
  const [placed] = await world.simulator.ordersOf(user);
  await world.simulator.pay(placed.out_trade_no);
  await world.signalServer('SIGKILL');

  await world.restart();
  expect(await myOrders(page)).toEqual([expect.stringContaining('待付款')]);
  await world.simulator.advance(60);
  await expect.poll(() => world.simulator.notificationsOf(placed)).toMatchObject([{ acknowledged: true }]);
  expect(await myOrders(page)).toEqual([expect.stringContaining('已支付')]);
});

test('killed after the notification was acknowledged: the order is still paid', async ({ ownWorld }) => {
  const { page, user, world } = await ownWorld({ SHOP_QUERY_INTERVALS_S: '3600' });
  await enter(page, user);
  await order(page);
  await openSheet(page);
  await page.goto('about:blank');
  const [placed] = await world.simulator.ordersOf(user);
  await world.simulator.pay(placed.out_trade_no);
  await expect
    .poll(() => world.simulator.notificationsOf(placed), { intervals: [10] })
    .toMatchObject([{ acknowledged: true }]);
  await world.signalServer('SIGKILL');
  await world.restart();
  expect(await myOrders(page)).toEqual([expect.stringContaining('已支付')]);
});
