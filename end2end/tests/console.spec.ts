import { resolve } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { buys, signIn } from '../support/console';

// staff use a desktop computer
test.use({
  viewport: { width: 1280, height: 900 },
  isMobile: false,
  hasTouch: false,
  deviceScaleFactor: 1,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
});

const SCREENS = resolve(__dirname, '../results/screens');
/** Waits until the console shows the order as paid. */
async function openPaid(page: Page, id: string): Promise<void> {
  await expect(async () => {
    await page.goto(`/console/orders/${id}`);
    await expect(page.locator('.facts .tag').first()).toHaveText('已支付', { timeout: 500 });
  }).toPass();
}

/** Checks that axe finds no problem, in light and in dark mode. Takes screenshots for desktop and phone. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, `${name} at ${width}`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${SCREENS}/console-${name}-${width}-${colorScheme}.png`, fullPage: true, animations: 'disabled' });
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target).join(' ')}`), `${name} ${colorScheme}`).toEqual([]);
  }
}

test('an order is found, shipped and refunded in part', async ({ page, world, contextIn }) => {
  const id = await buys(world, (await contextIn(world)).request, 'parcel');
  await signIn(page, world);
  await openPaid(page, id);
  await page.getByRole('link', { name: '订单', exact: true }).click();
  await page.getByText('更多条件').click();
  await page.getByLabel('只看待处理').check();
  await page.getByLabel('搜索').fill('0013800');
  await page.getByRole('button', { name: '查找' }).click();
  await page.getByRole('link', { name: '待发货' }).click();
  const row = page.getByRole('row', { name: id });
  await expect(row).toContainText('待发货');
  await row.getByRole('link').click();
  await expect(page.getByText('请放门口')).toBeVisible();

  await page.getByLabel('快递公司').fill('顺丰速运');
  await page.getByLabel('运单号').fill('SF1234567890');
  await page.getByRole('button', { name: '发货' }).click();
  await expect(page.getByRole('status')).toHaveText('已发货');
  await expect(page.getByText('SF1234567890').first()).toBeVisible();

  await page.getByText('主动退款').click();
  await page.getByLabel('金额（元').fill('30.5');
  await page.getByLabel('原因').fill('笔帽有划痕');
  await page.getByRole('button', { name: '下一步：确认退款' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('确认退款');
  await expect(page.getByText('退还 ¥30.50 给买家')).toBeVisible();
  await page.getByRole('button', { name: '确认退款 ¥30.50' }).click();
  await expect(page.getByRole('status')).toContainText('退款已提交');
  await expect(async () => {
    await page.goto(`/console/orders?q=${id}`);
    await expect(page.getByRole('row', { name: id })).toContainText('部分退款', { timeout: 500 });
  }).toPass();
  await page.getByRole('link', { name: '记录' }).click();
  await expect(page.getByRole('cell', { name: '发货', exact: true }).first()).toBeVisible();
  await expect(page.getByRole('cell', { name: '退款', exact: true }).first()).toBeVisible();
});

test('a product is edited, given a picture and taken off sale, and the shopper sees it', async ({ page, world, contextIn, console }) => {
  test.setTimeout(120_000);
  console.allowStatus(400);
  await signIn(page, world);
  await page.getByRole('link', { name: '商品', exact: true }).click();
  await page.getByRole('link', { name: '棉麻线装本' }).or(page.locator('tbody a')).first().click();
  const path = new URL(page.url()).pathname;
  const sku = page.locator('.specification:not(.fill)').first();
  const before = Number(await sku.getByLabel('库存').inputValue());
  await sku.getByLabel('价格（元）').fill('12.5');
  await sku.getByLabel('库存').fill('+7');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('status')).toContainText('已保存');
  await expect(sku.getByLabel('价格（元）')).toHaveValue('12.50');
  await expect(sku.getByLabel('库存')).toHaveValue(String(before + 7));

  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await page.getByLabel('更换图片').setInputFiles({ name: 'new.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
  await page.getByRole('button', { name: '上传' }).click();
  await expect(page.getByRole('status')).toHaveText('图片已更换');
  const picture = await page.getByAltText('当前图片').getAttribute('src');
  expect(picture).toContain('/pictures/u/');
  // a busy machine takes long to hand 30 MB to the browser
  await page.getByLabel('更换图片').setInputFiles({ name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(30 * 1024 * 1024) }, { timeout: 60_000 });
  await page.getByRole('button', { name: '上传' }).click();
  await expect(page.getByRole('alert')).toHaveText('图片不能超过 2 MB，请压缩后再上传');

  const shopper = await (await contextIn(world)).newPage();
  const shown = path.replace('/console/catalogue', '/products');
  await shopper.goto(`${world.shop}${shown}`);
  await expect(shopper.locator('img.hero').first()).toHaveAttribute('src', picture!);
  await expect(shopper.locator('form.product')).toContainText('12.50');
  await page.goto(path);
  await page.getByRole('button', { name: '下架' }).click();
  await expect(page.getByRole('status')).toContainText('已下架');
  await shopper.reload();
  await expect(shopper.getByRole('button', { name: '已下架' })).toBeDisabled();
  await page.getByRole('button', { name: '上架' }).click();
  await shopper.reload();
  await expect(shopper.getByRole('button', { name: '立即购买' })).toBeEnabled();
});

test('screenshots of every page: axe finds no problem, and nothing scrolls sideways', async ({ page, world, contextIn, console }) => {
  test.setTimeout(180_000);
  console.allowStatus(401);
  const id = await buys(world, (await contextIn(world)).request, 'looks');
  await page.goto('/console');
  await look(page, 'sign-in');
  await page.getByLabel('账号').fill('nobody');
  await page.getByLabel('密码').fill('wrong password');
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('alert')).toHaveText('账号、密码或动态验证码有误');
  await signIn(page, world);
  await openPaid(page, id);
  await look(page, 'order');
  for (const [path, name] of [
    ['/console', 'dashboard'],
    ['/console/orders', 'orders'],
    [`/console/orders/${id}/refund?fee=1&reason=a`, 'refund'],
    ['/console/catalogue', 'catalogue'],
    ['/console/catalogue/new', 'new-product'],
    ['/console/catalogue/cushion-linen', 'product'],
    ['/console/differences', 'differences'],
    ['/console/settings', 'settings'],
    ['/console/staff', 'staff'],
    ['/console/audit', 'audit'],
  ] as const) {
    await page.goto(path);
    await look(page, name);
  }
  await page.goto('/console/staff');
  await page.getByLabel('账号').fill(`clerk-${process.pid}`);
  await page.getByRole('button', { name: '邀请' }).click();
  const link = await page.getByTestId('invitation').innerText();
  await look(page, 'invitation');
  await page.goto(new URL(link).pathname);
  await expect(page.getByRole('img', { name: '验证器的二维码' })).toBeVisible();
  await look(page, 'join');
  await page.goto('/console/account');
  await look(page, 'account');
});
