import { expect, test } from '../support/test';
import { enter } from '../support/shopper';

test.describe('on a desktop screen', () => {
  test.use({ viewport: { width: 1280, height: 900 }, isMobile: false, hasTouch: false, deviceScaleFactor: 1 });

  test('the phone has a frame, and its menu shares the page', async ({ page, user }) => {
    await enter(page, user);
    await page.goto('/products/mug-celadon');
    const frame = await page.locator('html').boundingBox();
    expect(frame!.width).toBe(390);
    // what the page fixes at the bottom stays inside the phone
    const buy = await page.getByRole('button', { name: '立即购买' }).boundingBox();
    expect(buy!.x).toBeGreaterThanOrEqual(frame!.x);
    expect(buy!.x + buy!.width).toBeLessThanOrEqual(frame!.x + frame!.width);
    const shared = page.waitForResponse(
      response => response.url().endsWith('/_phone/bridge') && response.request().postDataJSON().name === 'updateAppMessageShareData',
    );
    await page.reload();
    await shared;
    await page.getByTestId('wechat-menu-open').click();
    await page.getByTestId('wechat-share-friend').click();
    await expect(page.getByTestId('wechat-alert-text')).toContainText('已发送给朋友（模拟）\n青瓷马克杯');
    await page.getByTestId('wechat-alert-ok').click();
    await page.goto('/console');
    await expect(page.locator('#wechat-bar')).toHaveCount(0);
  });
});

test('on the screen of a phone there is no frame', async ({ page, user }) => {
  await enter(page, user);
  await page.goto('/products/mug-celadon');
  await expect(page.getByRole('button', { name: '立即购买' })).toBeVisible();
  await expect(page.locator('#wechat-bar')).toHaveCount(0);
});
