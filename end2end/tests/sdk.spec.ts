import type { Page } from '@playwright/test';
import { expect, test, type Console } from '../support/test';
import { at, enter, live, order, payButton, PEN, says, sheet } from '../support/shopper';

// The published JS-SDK. The tests call its documented functions beside the shop's islands.

interface Config {
  appId: string;
  timestamp: string;
  nonceStr: string;
  signature: string;
}

/** The parameters of `wx.chooseWXPay`, as the shop sends them. */
interface Payment {
  timestamp: string;
  nonceStr: string;
  package: string;
  signType?: string;
  paySign: string;
}

declare const wx: {
  config(options: object): void;
  ready(callback: () => void): void;
  error(callback: (reply: { errMsg: string }) => void): void;
  chooseWXPay(options: object): void;
};

/** The parameters of `wx.config` that the shop sends for an address. */
async function configuration(page: Page, url: string): Promise<Config> {
  const answer = await page.request.get(`/api/wechat/jssdk?url=${encodeURIComponent(url)}`);
  const { code, data } = await answer.json();
  expect(code).toBe(0);
  return data;
}

/** Reloads the page and calls `wx.config`. Returns `config:ok`, or the error that `wx.error` gets. */
async function configure(page: Page, config: Config): Promise<string> {
  // another fragment alone does not load the page
  await page.reload();
  return page.evaluate(
    config =>
      new Promise<string>(resolve => {
        wx.error(({ errMsg }) => resolve(errMsg));
        wx.config({ ...config, jsApiList: ['chooseWXPay', 'updateAppMessageShareData'] });
        // `wx.ready` also runs after a failure, but never before `wx.error`
        wx.ready(() => setTimeout(() => resolve('config:ok')));
      }),
    config,
  );
}

/** Blocks the islands and their `wx.config`: the JS-SDK accepts one call for each page. */
async function withoutIslands(page: Page, console: Console): Promise<void> {
  console.allow(/ERR_FAILED/, /Failed to fetch/);
  await page.route('**/*.wasm', route => route.abort());
}

/** Starts a top-up. Returns the parameters of its payment. */
async function topUp(page: Page): Promise<Payment> {
  return page.evaluate(async () => {
    const body = new URLSearchParams({ money: '1990' });
    const answer = await fetch('/api/wechat/pay/payWallet', { method: 'POST', body });
    const { out_trade_no, ...payment } = (await answer.json()).data;
    return payment;
  });
}

/** Calls `wx.chooseWXPay`. Its result is in `window.ended`. */
async function choose(page: Page, payment: Payment): Promise<void> {
  await page.evaluate(payment => {
    const ended = ({ errMsg }: { errMsg: string }) => Object.assign(window, { ended: errMsg });
    wx.chooseWXPay({ ...payment, success: ended, cancel: ended, fail: ended });
  }, payment);
}

function ended(page: Page): Promise<string | undefined> {
  return page.evaluate(() => (window as { ended?: string }).ended);
}

/** WeChat shows the reason, and then calls `fail`. */
async function refused(page: Page, words: string): Promise<void> {
  await expect(page.getByTestId('wechat-alert-text')).toHaveText(words);
  await expect(sheet(page).all).toHaveCount(0);
  expect(await ended(page)).toBeUndefined();
  await page.getByTestId('wechat-alert-ok').tap();
  await expect.poll(() => ended(page)).toBe('chooseWXPay:fail');
}

/** Opens a page and waits until `wx.config` has succeeded. */
async function configured(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('html')).toHaveAttribute('data-wx', 'ready');
}

test('wx.config accepts the right signature only', async ({ page, user, console }) => {
  await enter(page, user);
  await withoutIslands(page, console);
  await page.goto(PEN.path);
  const right = await configuration(page, page.url());
  const other = right.signature.replace(/.$/, last => (last === '0' ? '1' : '0'));
  expect(await configure(page, { ...right, signature: other })).toBe('config:invalid signature');
  expect(await configure(page, { ...right, nonceStr: `${right.nonceStr}x` })).toBe('config:invalid signature');
  expect(await configure(page, { ...right, timestamp: `${Number(right.timestamp) + 1}` })).toBe(
    'config:invalid signature',
  );
  const elsewhere = await configuration(page, new URL('/', page.url()).href);
  expect(await configure(page, elsewhere)).toBe('config:invalid signature');
  expect(await configure(page, right)).toBe('config:ok');
});

const ADDRESSES = ['?from=timeline&isappinstalled=0', '?name=%E9%92%A2%E7%AC%94&a=b%2Fc&d=', '?q=1#part', '#part'];

test('the shop signs an address with its query and without its fragment', async ({ page, user }) => {
  await enter(page, user);
  for (const rest of ADDRESSES) {
    // another fragment alone does not load the page
    await page.goto('about:blank');
    await configured(page, `${PEN.path}${rest}`);
    expect(new URL(page.url()).search + new URL(page.url()).hash).toBe(rest);
  }
});

test('wx.config refuses a signature for an address without its query', async ({ page, user, console }) => {
  await enter(page, user);
  await withoutIslands(page, console);
  for (const rest of ADDRESSES) {
    await page.goto(`${PEN.path}${rest}`);
    const [withoutFragment] = page.url().split('#');
    const [withoutQuery] = withoutFragment.split('?');
    for (const url of [page.url(), withoutFragment]) {
      expect(await configure(page, await configuration(page, url)), url).toBe('config:ok');
    }
    if (withoutQuery === withoutFragment) continue;
    expect(await configure(page, await configuration(page, withoutQuery))).toBe('config:invalid signature');
  }
});

test("the shop's parameters open the payment sheet, and without signType WeChat refuses them", async ({ page, user, world }) => {
  await enter(page, user);
  await configured(page, PEN.path);
  const { signType, ...rest } = await topUp(page);
  expect(signType).toBeTruthy();
  // the JS-SDK sends SHA1 instead
  await choose(page, rest);
  await refused(page, '支付验证签名失败');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'NOTPAY' }]);

  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-wx', 'ready');
  await choose(page, { ...rest, signType });
  await expect(sheet(page).amount).toHaveText('¥19.90');
  await sheet(page).confirm.tap();
  await expect.poll(() => ended(page)).toBe('chooseWXPay:ok');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test("another shopper's payment is refused", async ({ page, user, world, otherShopper }) => {
  await enter(page, user);
  await configured(page, PEN.path);
  const payment = await topUp(page);
  const other = await otherShopper();
  await enter(other.page, other.user);
  await configured(other.page, PEN.path);
  await choose(other.page, payment);
  await refused(other.page, '下单账号与支付账号不一致');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'NOTPAY' }]);
});

test('a prepay_id is valid for two hours, also under an open payment sheet', async ({ ownWorld }) => {
  const { page, user, world } = await ownWorld({ SHOP_ORDER_EXPIRE_S: '86400' });
  await enter(page, user);
  await configured(page, PEN.path);
  const payment = await topUp(page);
  await world.simulator.advance(2 * 3600 - 60);
  await choose(page, payment);
  await expect(sheet(page).amount).toHaveText('¥19.90');
  await world.simulator.advance(120);
  await sheet(page).confirm.tap();
  await refused(page, '该订单已失效');

  // the JS-SDK's ticket has expired as well, but this page is already configured
  await page.evaluate(() => Object.assign(window, { ended: undefined }));
  await choose(page, payment);
  await refused(page, '调用支付JSAPI缺少参数: total_fee');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'NOTPAY' }]);
});

test('where wx.config never calls back, the tap still pays', async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  await world.simulator.faults({ endpoint: 'preVerifyJSAPI', kind: 'callback_never' });
  await page.reload();
  await (await live(payButton(page))).tap();
  await expect(page).toHaveURL(at(`/orders/${id}/pay`));
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ trade_state: 'SUCCESS' }]);
});
