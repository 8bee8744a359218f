import type { Page } from '@playwright/test';
import { Phone } from '../../examples/miniprogram/test/phone.js';
import { expect, test } from '../support/test';
import { at, collect, comesToSay, enter, live, order, orderId, payButton, PEN, says, visit } from '../support/shopper';
import type { User } from '../support/simulator';
import type { World } from '../support/world';

// The shop in the mini program's web view. WeChat refuses a payment there; the mini program's own page pays.

test.use({
  userAgent: async ({ userAgent }, use) => use(`${userAgent} miniProgram/wx8b3f6a1d0c9e2745`),
});

/** The names of the calls to WeChat's bridge. */
function bridgeCalls(page: Page): string[] {
  const calls: string[] = [];
  page.on('request', request => {
    if (at('/_phone/bridge').test(request.url())) calls.push(request.postDataJSON().name);
  });
  return calls;
}

/** The address of the mini program's page that covers the shop's page. */
async function opened(page: Page): Promise<string> {
  await expect(page).toHaveURL(at('/_phone/miniprogram'));
  return page.getByTestId('miniprogram-url').innerText();
}

/** Opens this address in the example mini program, on this user's phone. */
async function inMiniProgram(world: World, user: User, url: string, outcome: 'ok' | 'cancel'): Promise<InstanceType<typeof Phone>> {
  const phone = new Phone({ simulator: world.simulator.url, phone: world.phone, shop: world.shop }, user);
  phone.paymentOutcome = outcome;
  await phone.open('/pages/web/web');
  await phone.open(url);
  return phone;
}

test('an order of the web view is paid by the mini program', async ({ page, user, world }) => {
  const calls = bridgeCalls(page);
  await enter(page, user);
  const id = await order(page, PEN.path);
  await (await live(payButton(page))).tap();
  const url = await opened(page);
  expect(url).toMatch(new RegExp(`^/pages/pay/pay\\?order=${id}&key=[0-9a-zA-Z]{32}$`));
  expect(await world.simulator.ordersOf(user)).toEqual([]);

  const phone = await inMiniProgram(world, user, url, 'ok');
  expect(phone.messages).toEqual([]);
  expect(phone.payments).toMatchObject([{ amount: '¥168.00', ended: 'ok' }]);
  await page.getByTestId('miniprogram-back').tap();
  await says(page, '已支付', id);
  await expect(payButton(page)).toHaveCount(0);
  // the official account made no payment for the order
  expect(calls).toContain('invokeMiniProgramAPI');
  expect(calls).not.toContain('getBrandWCPayRequest');
  expect(await world.simulator.ordersOf(user)).toEqual([]);
  const paid = await world.simulator.ordersOf({ ...user, openid: user.miniprogram_openid });
  expect(paid).toMatchObject([{ trade_state: 'SUCCESS', total_fee: PEN.fen }]);
});

test('a payment that the shopper cancels in the mini program can be made later', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await (await live(payButton(page))).tap();
  await inMiniProgram(world, user, await opened(page), 'cancel');
  await page.getByTestId('miniprogram-back').tap();
  expect(await orderId(page)).toBe(id);
  await (await live(payButton(page))).tap();
  await inMiniProgram(world, user, await opened(page), 'ok');
  await page.getByTestId('miniprogram-back').tap();
  await says(page, '已支付', id);
  const paid = await world.simulator.ordersOf({ ...user, openid: user.miniprogram_openid });
  expect(paid).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('without WebAssembly the form leads to the mini program', async ({ page, user, world, console }) => {
  console.allow(/WebAssembly/);
  await page.addInitScript(() => {
    delete (window as { WebAssembly?: unknown }).WebAssembly;
  });
  const calls = bridgeCalls(page);
  await page.goto(visit(user, PEN.path));
  await page.getByRole('button', { name: '立即购买' }).tap();
  await collect(page);
  await payButton(page).tap();
  const url = await opened(page);
  const id = /order=(\d+)/.exec(url)![1]!;

  // the shopper cancels: the page below opens the order, and not the mini program again
  await inMiniProgram(world, user, url, 'cancel');
  await page.getByTestId('miniprogram-back').tap();
  await says(page, '待付款', id);
  await payButton(page).tap();
  await inMiniProgram(world, user, await opened(page), 'ok');
  await page.getByTestId('miniprogram-back').tap();
  await expect(page).toHaveURL(at(`/orders/${id}`));
  await comesToSay(page, '已支付');
  expect(calls).toContain('invokeMiniProgramAPI');
  expect(calls).not.toContain('getBrandWCPayRequest');
  expect(await world.simulator.ordersOf(user)).toEqual([]);
  const paid = await world.simulator.ordersOf({ ...user, openid: user.miniprogram_openid });
  expect(paid).toMatchObject([{ trade_state: 'SUCCESS', total_fee: PEN.fen }]);
});
