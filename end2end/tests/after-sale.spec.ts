import { signIn, buys } from '../support/console';
import { at, enter, order, says, sheet } from '../support/shopper';
import { expect, test } from '../support/test';

/** A photo of a phone: 4 megapixels of noise, which PNG cannot compress. */
const PHOTO = `(async () => {
  const canvas = document.createElement('canvas');
  canvas.width = 1800;
  canvas.height = 1350;
  const context = canvas.getContext('2d');
  const noise = context.createImageData(1800, 1350);
  let seed = 1;
  for (let at = 0; at < noise.data.length; at++) noise.data[at] = at % 4 === 3 ? 255 : (seed = (seed * 48271) % 2147483647) & 255;
  context.putImageData(noise, 0, 0);
  const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
})()`;

test('a shopper sends a piece back, and staff refund it', async ({ page, user, world, contextIn, console }) => {
  // the way of a return through both sides is long, and a busy machine needs more than the usual minute
  test.slow();
  console.allowStatus(400);
  await enter(page, user);
  const id = await order(page, '/products/pen-brass', 2);
  await page.getByRole('button', { name: '微信支付' }).tap();
  await sheet(page).confirm.tap();
  await says(page, '已支付', id);
  const desk = await (await contextIn(world)).newPage();
  await desk.setViewportSize({ width: 1280, height: 900 });
  await signIn(desk, world);
  await desk.goto(`/console/orders/${id}`);
  await desk.getByText('买家已取货…').click();
  await desk.getByRole('button', { name: '确认取货' }).click();
  await page.reload();
  await page.getByRole('link', { name: '申请售后' }).tap();
  await expect(page).toHaveURL(at(`/orders/${id}/after-sale`));
  // nothing that was typed is lost
  await page.getByRole('radio', { name: /退货退款/ }).check();
  await page.getByLabel(/数量/).fill('0');
  await page.getByRole('radio', { name: '质量问题或破损' }).check();
  await page.getByLabel('补充说明').fill('笔尖写起来太细');
  await page.getByRole('button', { name: '提交申请' }).tap();
  await expect(page.getByText('请选择要售后的商品和件数').first()).toBeVisible();
  await expect(page.getByLabel('补充说明')).toHaveValue('笔尖写起来太细');
  await expect(page.getByRole('radio', { name: /退货退款/ })).toBeChecked();
  await expect(page.getByRole('radio', { name: '质量问题或破损' })).toBeChecked();
  await page.getByLabel(/数量/).fill('1');
  await expect(page.locator('[data-freight]')).toContainText('¥168.00');
  const photo = Buffer.from(await page.evaluate(PHOTO) as string, 'base64');
  expect(photo.length).toBeGreaterThan(6 * 1024 * 1024);
  await page.locator('input[type=file]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: photo });
  const send = page.getByRole('button', { name: '提交申请' });
  await expect(send).toBeEnabled();
  await expect(page.locator('.previews img')).toHaveCount(1);
  await page.screenshot({ path: test.info().outputPath('form.png'), fullPage: true });
  await send.tap();
  await says(page, '等待商家处理');
  await expect(page.getByText('¥168.00').first()).toBeVisible();
  const picture = page.getByAltText('售后图片');
  expect(await picture.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(1600);

  await desk.getByRole('link', { name: '售后', exact: true }).click();
  await desk.getByRole('link', { name: '笔尖写起来太细' }).click();
  await desk.getByLabel(/退货地址/).fill('退货组 13800138000，示例路 1 号');
  await desk.getByRole('button', { name: '同意退货' }).click();
  await expect(desk.getByRole('status')).toContainText('已同意');
  await page.reload();
  await expect(page.getByText('请寄到：退货组')).toBeVisible();
  await page.getByLabel('快递公司').fill('顺丰速运');
  await page.getByLabel('运单号').fill('SF1234567890');
  await page.getByRole('button', { name: '我已寄出' }).tap();
  await says(page, '等待商家收货');
  await page.screenshot({ path: test.info().outputPath('sent.png'), fullPage: true });
  await desk.reload();
  await desk.getByRole('button', { name: '已收到退货' }).click();
  await desk.getByRole('link', { name: '退款 ¥168.00' }).click();
  await desk.getByRole('checkbox', { name: /放回库存/ }).check();
  await desk.getByRole('button', { name: '确认退款 ¥168.00' }).click();
  await expect(desk.getByRole('status')).toContainText('退款已提交');
  await world.simulator.advance(5);
  await expect(async () => {
    await page.reload();
    await says(page, '已退款');
  }).toPass();
  await page.getByRole('link', { name: '返回订单' }).tap();
  await expect(page.getByText('部分退款').or(page.getByText('已退 ¥168.00')).first()).toBeVisible();
});

test('staff answer a request for money without a return', async ({ page, world, contextIn }) => {
  const context = await contextIn(world);
  const id = await buys(world, context.request, 'after-sale');
  // the shop takes a moment to book the payment; the same form again is the same request
  await expect(async () => {
    const asked = await context.request.post(`/orders/${id}/after-sale`, {
      multipart: { kind: 'refund', 'pieces-1': '1', reason: '不想要了' },
      headers: { origin: world.phone },
      maxRedirects: 0,
    });
    expect(asked.status(), await asked.text()).toBe(303);
  }).toPass();
  await signIn(page, world);
  await page.goto('/console/after-sales');
  await page.getByRole('link', { name: '不想要了' }).first().click();
  await page.getByText('拒绝申请').click();
  await page.getByLabel(/拒绝的理由/).fill('商品已经打包');
  await page.getByRole('button', { name: '拒绝', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('已拒绝');
  await page.screenshot({ path: test.info().outputPath('declined.png'), fullPage: true });
});
