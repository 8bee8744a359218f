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

interface Complaints {
  complaints: { complaint_id: string; complaint_state: string; history: { kind: string; text: string }[] }[];
}

/** Checks that nothing scrolls sideways and that axe finds no problem. Takes screenshots for desktop and phone. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, `${name} at ${width}`).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `${SCREENS}/${name}-${width}.png`, fullPage: true, animations: 'disabled' });
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target).join(' ')}`), name).toEqual([]);
}

test('a shopper complains, staff reply and finish, and WeChat has it', async ({ page, world, contextIn }) => {
  test.setTimeout(120_000);
  const registered = await world.server(['complaints', 'register', '--replace']);
  expect(registered).toContain('/api/wechat/pay/complaint-callback');
  const order = await buys(world, (await contextIn(world)).request, 'unhappy');
  const [attempt] = await world.simulator.attemptsOf(order);
  const { complaint_id: id } = await world.simulator.call<{ complaint_id: string }>('complaints', {
    out_trade_no: attempt!.out_trade_no,
    detail: '收到的钢笔笔帽有裂纹，希望换一支',
    problem_type: 'REFUND',
    apply_refund_amount: 16800,
    pictures: 2,
  });
  const atWechat = async () => {
    const { complaints } = await world.simulator.call<Complaints>('complaints');
    return complaints.find(({ complaint_id }) => complaint_id === id)!;
  };

  await signIn(page, world);
  await expect(async () => {
    await page.goto('/console');
    await page.getByRole('link', { name: /投诉/ }).first().click();
    await expect(page.getByRole('link', { name: /笔帽有裂纹/ })).toBeVisible({ timeout: 500 });
  }).toPass();
  const row = page.getByRole('row', { name: /笔帽有裂纹/ });
  await expect(row).toContainText('待回复');
  await expect(row).toContainText(/还剩 2[34] 小时/);
  await look(page, 'complaints');

  await row.getByRole('link', { name: /笔帽有裂纹/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('投诉详情');
  const pictures = page.getByRole('img', { name: '投诉的图片' });
  await expect(pictures).toHaveCount(4);
  await expect.poll(() => pictures.first().evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(64);
  await expect(page.getByText('已处理完成')).toHaveCount(0);
  await look(page, 'complaint');
  await page.getByLabel(/买家会在微信里看到/).fill('很抱歉，今天为您换一支新的');
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.getByRole('status').first()).toContainText('已提交');
  await expect(page.locator('.negotiation')).toContainText('今天为您换一支新的');
  await expect(page.locator('.facts .tag').first()).toHaveText('处理中');
  expect((await atWechat()).complaint_state).toBe('PROCESSING');
  await look(page, 'complaint-replied');

  await world.simulator.call('complaints', { complaint_id: id, action: 'respond', text: '好的，谢谢' });
  await expect(async () => {
    await page.reload();
    await expect(page.locator('.facts .tag').first()).toHaveText('买家有新回复', { timeout: 500 });
  }).toPass();
  await page.getByRole('button', { name: '已处理完成' }).click();
  await expect(page.locator('.facts .tag').first()).toHaveText('已完成');
  await expect(page.getByRole('button', { name: '发送回复' })).toHaveCount(0);
  const ended = await atWechat();
  expect(ended.complaint_state).toBe('PROCESSED');
  expect(ended.history.filter(({ kind }) => kind === 'MERCHANT_RESPONSE')).toHaveLength(1);

  await page.getByRole('link', { name: order }).click();
  await expect(page.locator('#complaints')).toContainText('笔帽有裂纹');
});
