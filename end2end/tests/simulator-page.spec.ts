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
