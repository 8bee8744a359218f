// Renews docs/shop.png and docs/console.png, and writes the frames of docs/payment.webp to results/frames.
// usage: PHONE=http://localhost:8901 SIMULATOR=http://127.0.0.1:8900 PASSWORD=… node pictures.mjs (beside `make run`)
// then, with Pillow: python3 animate.py results/frames ../docs/payment.webp
import { chromium } from '@playwright/test';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

const { PHONE = 'http://localhost:8901', SIMULATOR = 'http://127.0.0.1:8900', PASSWORD = '' } = process.env;
const FRAMES = new URL('results/frames/', import.meta.url).pathname;
const DOCS = new URL('../docs/', import.meta.url).pathname;
const WECHAT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 ' +
  'MicroMessenger/8.0.49(0x18003135) NetType/WIFI Language/zh_CN';

rmSync(FRAMES, { recursive: true, force: true });
mkdirSync(FRAMES, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const context = await browser.newContext({
  baseURL: PHONE,
  userAgent: WECHAT,
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  locale: 'zh-CN',
  reducedMotion: 'reduce',
});
const page = await context.newPage();
let number = 0;
// the name of a frame says how long it stays, in ms
const frame = async ms => {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(300);
  const path = `${FRAMES}${String(++number).padStart(2, '0')}-${ms}.png`;
  await page.screenshot({ path });
  return path;
};

const user = await (await fetch(`${SIMULATOR}/_simulator/users`, { method: 'POST', body: JSON.stringify({ nickname: '小林' }) })).json();
await page.goto(`/_phone/user?openid=${user.openid}&next=%2F`);
const list = await frame(1400);
await page.evaluate(() => scrollTo(0, 420));
await frame(800);
await page.goto('/products/mug-celadon');
const product = await frame(1200);
for (const picture of [1, 2]) {
  await page.locator('.gallery').evaluate((gallery, at) => gallery.scrollTo({ left: gallery.clientWidth * at, behavior: 'instant' }), picture);
  await frame(900);
}
await page.getByRole('button', { name: '立即购买' }).tap();
await frame(900);
await page.getByRole('radio', { name: /450/ }).check();
const options = await frame(900);
await page.getByRole('dialog').getByRole('button', { name: '立即购买' }).tap();
await page.waitForURL(/orders\/new/);
await frame(900);
for (const [label, text] of [['收货人', '林小雨'], ['手机号码', '13800138000'], ['区县', '徐汇区'], ['详细地址', '漕溪北路 1 号']]) {
  if (label === '区县') await page.getByLabel('城市').selectOption({ label: '上海市' });
  await page.getByLabel(label).fill(text);
}
await page.evaluate(() => document.activeElement.blur());
await frame(1200);
await page.getByRole('button', { name: '微信支付' }).tap();
await page.getByTestId('wechat-pay-confirm').waitFor();
const sheet = await frame(1400);
await page.getByTestId('wechat-pay-confirm').tap();
await page.getByRole('heading', { level: 1, name: '已支付' }).waitFor();
const paid = await frame(2400);
await context.close();

const desk = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale: 'zh-CN' });
await desk.goto(`${PHONE}/console`);
await desk.getByLabel('账号').fill('demo');
await desk.getByLabel('密码').fill(PASSWORD);
await desk.getByRole('button', { name: '登录' }).click();
await desk.getByRole('heading', { name: '概览' }).waitFor();
await desk.screenshot({ path: `${DOCS}console.png` });

// five screens beside each other
const images = [list, product, options, sheet, paid].map(path => `<img src="data:image/png;base64,${readFileSync(path, 'base64')}">`);
const board = await browser.newPage({ viewport: { width: 2048, height: 884 } });
await board.setContent(`<style>body{margin:0;padding:20px;display:flex;gap:14px;background:#fff}img{width:390px;border-radius:20px;box-shadow:0 0 0 1px #ddd}</style>${images.join('')}`);
await board.screenshot({ path: `${DOCS}shop.png` });
await browser.close();
console.log(`${number} frames`);
