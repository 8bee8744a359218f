import { expect, test } from '../support/test';

for (const width of [1280, 390]) {
  test(`the simulator's page shows requests as they arrive, ${width} pixels wide`, async ({ world, page }) => {
    const simulator = world.simulator.url;
    await page.setViewportSize({ width, height: 900 });
    await page.goto(simulator);
    // a program sends a request without a signature while the page is open
    await fetch(`${simulator}/v3/certificates?width=${width}`);
    const newest = page.locator('#live > li').first();
    await expect(newest).toContainText(`width=${width}`);
    await expect(newest).toContainText('The request has no Authorization header.');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
}

for (const width of [1280, 390]) {
  test(`the simulator's page shows what a notification contained and sends it again, ${width} pixels wide`, async ({
    world,
    page,
  }) => {
    const simulator = world.simulator.url;
    const out_trade_no = `page${width}`;
    await page.setViewportSize({ width, height: 900 });
    const made = await fetch(`${simulator}/_simulator/trigger`, {
      method: 'POST',
      body: JSON.stringify({ event: 'payment', out_trade_no, notify_url: `${simulator}/nothing-here` }),
    });
    expect(made.status).toBe(200);
    const row = page.locator('#notifications tbody tr').filter({ hasText: out_trade_no });
    await expect(async () => {
      await page.goto(simulator);
      await expect(row.locator('li details')).toHaveCount(1, { timeout: 1000 });
    }).toPass();
    await row.locator('li summary').click();
    const [sent, answer] = [row.locator('li pre').first(), row.locator('li pre').nth(1)];
    await expect(sent).toContainText('Wechatpay-Signature: ');
    await expect(sent).toContainText('"event_type":"TRANSACTION.SUCCESS"');
    await expect(answer).toContainText('nothing is simulated at /nothing-here');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await row.getByLabel('篡改').selectOption('sign');
    await row.getByRole('button', { name: '再发' }).click();
    await expect(async () => {
      await page.goto(simulator);
      await expect(row).toContainText('tampered: Sign', { timeout: 1000 });
    }).toPass();
  });
}
