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

const LONG_NAME = '手工烧制的青瓷马克杯配软木杯垫和竹勺礼盒装'.repeat(3).slice(0, 60);

/** Checks that nothing is wider than its place: the page, a panel, a row of a list or a form. */
async function fits(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => {
      const places = [document.documentElement, ...document.querySelectorAll('main .panel, main table, main tr, main li, .specification')];
      return places.filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0).map(each => `${each.tagName}.${each.className}`);
    });
    expect(wide, `${name} at ${width}`).toEqual([]);
    await expect(page).toHaveScreenshot(`console-${name}-${width}.png`, {
      animations: 'disabled',
      scale: 'css',
      // numbers and times differ in each run
      mask: [page.locator('h1, .me, .facts, [data-label="订单"], [data-label="下单时间"], .muted.id, .ship-until, .specification, .list [data-label="编号"]')],
      maxDiffPixelRatio: 0.04,
    });
  }
}

/** Checks at each width that a shopper's page does not scroll sideways, and that no text is cut at its right side. */
async function bears(page: Page, name: string, path: string): Promise<void> {
  await page.goto(path);
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('html, main section, main p, main .line, .bottom, .bottom *, .tabs a')]
        .filter(each => each.checkVisibility({ contentVisibilityAuto: true }) && getComputedStyle(each).textOverflow !== 'ellipsis')
        .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
        .map(each => `${each.tagName}.${each.className}`),
    );
    expect(wide, `${name} at ${width}`).toEqual([]);
  }
}

test('long names, large amounts, many specifications, categories and lines fit', async ({ ownWorld, browser }) => {
  test.setTimeout(240_000);
  const { world, page: shopper } = await ownWorld({});
  const context = await browser.newContext({ baseURL: world.phone, locale: 'zh-CN' });
  const page = await context.newPage();
  await signIn(page, world);
  const post = async (path: string, form: [string, string][]) => {
    const answer = await page.request.post(path, {
      data: new URLSearchParams(form).toString(),
      headers: { origin: world.phone, 'content-type': 'application/x-www-form-urlencoded' },
      maxRedirects: 0,
    });
    expect(answer.status(), await answer.text()).toBe(303);
    return answer.headers()['location']!.split('?')[0]!;
  };
  const words: [string, string][] = [['name', LONG_NAME], ['category', '很长很长的分类名称一共二十个字都要看得见'], ['summary', LONG_NAME], ['description', LONG_NAME]];
  const product = await post('/console/catalogue', [...words, ['spec', '规格 1'], ['price', '999999.99'], ['stock', '999999']]);
  for (let at = 2; at <= 40; at++) {
    await page.goto(product);
    const version = await page.locator('[name=version]').first().inputValue();
    await post(`${product}/save`, [['version', version], ...words, ['new_spec', `规格 ${at} ${LONG_NAME.slice(0, 30)}`], ['new_price', '0.01'], ['new_stock', '9']]);
  }
  await page.goto(product);
  const skus = await page.locator('[name=sku]').evaluateAll(inputs => inputs.map(input => (input as HTMLInputElement).value));
  expect(skus).toHaveLength(40);
  await fits(page, 'specifications');
  await post(`${product}/shelf`, [['on_sale', '1']]);
  let plain = '';
  for (let at = 0; at < 200; at++) {
    plain = await post('/console/catalogue', [['name', `商品 ${at}`], ['category', `分类 ${at}`], ['spec', ''], ['price', '1'], ['stock', '1']]);
    await post(`${plain}/shelf`, [['on_sale', '1']]);
  }
  await page.goto('/console/catalogue');
  await fits(page, 'categories');
  // 39 specifications and 11 other products: an order of 50 lines
  const others = ['pen-brass-f*16800', 'mug-celadon-300*5900', 'mug-celadon-450*6900', 'teapot-clay-180*26800', 'gaiwan-white-1*12800', 'pitcher-glass-350*4900', 'tray-bamboo-1*15800', 'pencil-cedar-6*2400', 'tape-washi-2*690', 'tote-canvas-1*7900', 'spoon-beech-1*1900'];
  const id = await buys(world, shopper.request, 'lines', [...skus.slice(1).map(sku => `${sku}*1`), ...others]);
  const ofLines = await shopper.context().storageState();
  await buys(world, shopper.request, 'amount', [`${skus[0]}*99999999`]);
  await expect(async () => {
    await page.goto(`/console/orders/${id}`);
    await expect(page.locator('.facts .tag').first()).toHaveText('已支付', { timeout: 500 });
  }).toPass();
  await expect(page.locator('.goods li')).toHaveCount(50);
  await fits(page, 'lines');
  await page.goto('/console/orders');
  await expect(page.getByText('¥999999.99')).toBeVisible();
  await fits(page, 'orders');
  // the sums are computed once a minute
  await expect(async () => {
    await page.goto('/console');
    await expect(page.getByText('¥1,001,028.28').first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 90_000, intervals: [5_000] });
  await fits(page, 'overview');
  await context.close();
  // the same shop as shoppers see it
  const inShop = (path: string) => path.replace('/console/catalogue', '/products');
  const seen: [string, string][] = [['categories', '/'], ['no-option', inShop(plain)], ['options', inShop(product)], ['lines', `/orders/${id}`], ['my-orders', '/orders']];
  const phone = await browser.newContext({
    baseURL: world.phone,
    locale: 'zh-CN',
    isMobile: true,
    hasTouch: true,
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49',
    storageState: ofLines,
  });
  const inPhone = await phone.newPage();
  for (const [name, path] of seen) await bears(inPhone, name, path);
  await phone.close();
  // a product with nothing to choose is ordered without a choice
  await shopper.goto(inShop(plain));
  await expect(shopper.locator('.spec')).toHaveCount(0);
  await shopper.getByRole('button', { name: '立即购买' }).click();
  await expect(shopper.getByText('商品 199')).toBeVisible();
});
