import type { Page } from '@playwright/test';
import { at, confirmation, enter, payButton, pickUp, says, sheet } from '../support/shopper';
import { expect, test } from '../support/test';

const FREIGHT = '[data-freight]';
const TOTAL = '.bottom .price';

test('the delivery cost of a saved address is shown, charged and named on the order', async ({ page, user, world }) => {
  await enter(page, user, '/addresses');
  await page.getByLabel('收货人').fill('小王');
  await page.getByLabel('手机号码').fill('13800138000');
  await page.getByLabel('城市').selectOption('新疆维吾尔自治区 乌鲁木齐市');
  await page.getByLabel('区县').fill('天山区');
  await page.getByLabel('详细地址').fill('人民路 1 号');
  await page.getByRole('button', { name: '保存' }).tap();
  await expect(page.getByText('乌鲁木齐市 天山区')).toBeVisible();
  await confirmation(page, '/products/test-sticker');
  await expect(page.locator(FREIGHT)).toHaveText('¥12.00');
  await expect(page.locator(TOTAL)).toHaveText('¥12.01');
  await page.getByRole('radio', { name: /到店自取/ }).check();
  await expect(page.locator(FREIGHT)).toHaveText('自取免运费');
  await expect(page.locator(TOTAL)).toHaveText('¥0.01');
  await page.getByRole('radio', { name: /新疆/ }).check();
  await expect(page.locator(TOTAL)).toHaveText('¥12.01');
  await page.screenshot({ path: test.info().outputPath('confirmation.png'), fullPage: true });
  await payButton(page).tap();
  await expect(sheet(page).amount).toHaveText('¥12.01');
  await sheet(page).confirm.tap();
  await says(page, '已支付');
  await expect(page.getByText('¥12.00')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('order.png'), fullPage: true });
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ total_fee: 1201, trade_state: 'SUCCESS' }]);
});

/** Fills in a new address in Tibet on the confirmation. */
async function writeAddress(page: Page, hasScripts = true): Promise<void> {
  await page.getByLabel('收货人').fill('小王');
  await page.getByLabel('手机号码').first().fill('13800138000');
  // a script adds the list of provinces
  if (hasScripts) await page.getByLabel('省份').selectOption('西藏自治区');
  await page.getByLabel('城市').selectOption('西藏自治区 拉萨市');
  if (hasScripts) await expect(page.locator('#districts option', { hasText: '城关区' })).toHaveCount(1);
  await page.getByLabel('区县').fill('城关区');
  await page.getByLabel('详细地址').fill('北京路 1 号');
}

test('the cost of a new address follows its city', async ({ page, user, world }) => {
  await enter(page, user);
  await confirmation(page, '/products/test-sticker');
  await expect(page.locator(FREIGHT)).toHaveText('选择地区后显示');
  await expect(page.locator(TOTAL)).toHaveText('¥0.01');
  await page.getByLabel('城市').selectOption('浙江省 杭州市');
  await expect(page.locator(FREIGHT)).toHaveText('包邮');
  await writeAddress(page);
  await expect(page.locator(FREIGHT)).toHaveText('¥12.00');
  await expect(page.locator(TOTAL)).toHaveText('¥12.01');
  await payButton(page).tap();
  await expect(sheet(page).amount).toHaveText('¥12.01');
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ total_fee: 1201 }]);
});

test('without scripts the page shows the cost of a new address before it places the order', async ({ user, browser, world }) => {
  const context = await browser.newContext({ baseURL: world.phone, javaScriptEnabled: false, hasTouch: true, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await pickUp(page, user);
  await page.goto('/api/wechat/redirect?callback=%2Fproducts%2Ftest-sticker&scope=snsapi_base');
  await page.getByRole('button', { name: '立即购买' }).tap();
  await writeAddress(page, false);
  await payButton(page).tap();
  await expect(page.locator(FREIGHT)).toHaveText('¥12.00');
  await expect(page.getByLabel('详细地址')).toHaveValue('北京路 1 号');
  expect(await world.simulator.ordersOf(user)).toEqual([]);
  await payButton(page).tap();
  await expect(page).toHaveURL(at('/orders/\\d+/pay'));
  expect(await world.simulator.ordersOf(user)).toMatchObject([{ total_fee: 1201 }]);
  await context.close();
});
