// Runs Lighthouse's mobile preset with WeChat's user agent and a logged-in shopper, five times on each of five pages: the
// list, a product, the checkout, the payment and a paid order. Prints the medians. SHOP and SIMULATOR are the addresses of a running
// release.
// Lighthouse slows this machine down to a mid-tier phone. How much depends on the machine: the multiplier of its default, 4, is for
// a machine with a benchmark index of 1,533. Lighthouse's calculator has the one for another index.
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { throttling } from 'lighthouse/core/config/constants.js';
import { chromium } from '../node_modules/@playwright/test/index.mjs';

const SHOP = process.env.SHOP ?? 'http://localhost:3000';
const SIMULATOR = process.env.SIMULATOR ?? 'http://127.0.0.1:8900';
const RUNS = Number(process.env.RUNS ?? 5);
const PORT = Number(process.env.DEBUG_PORT ?? 9333);
const AGENT =
  'Mozilla/5.0 (Linux; Android 14; 2211133C Build/UKQ1.230705.002; wv) AppleWebKit/537.36 (KHTML, like Gecko) ' +
  'Version/4.0 Chrome/111.0.5563.116 Mobile Safari/537.36 XWEB/1110017 MMWEBSDK/20230805 MMWEBID/525 ' +
  'MicroMessenger/8.0.42.2460(0x28002A35) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

async function control(path, body) {
  const response = await fetch(`${SIMULATOR}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

async function order(page) {
  await page.goto(`${SHOP}/orders/new?sku=test-sticker-1&quantity=1`);
  await page.getByRole('radio', { name: /到店自取/ }).check();
  await page.locator('input[name=pickup_name]').fill('小王');
  await page.locator('input[name=pickup_phone]').fill('13800000000');
  // without it, the confirmation's button places the order and begins no payment
  await page.locator('input[name=pay]').evaluate(field => field.remove());
  await page.getByRole('button', { name: '微信支付' }).click();
  await page.waitForURL(/\/orders\/\d+\/confirm/);
  return page.url().split('/')[4];
}

/** How much slower a mid-tier phone is than a machine with this benchmark index (lighthouse-cpu-throttling-calculator). */
function slowdown(index) {
  if (index >= 1300) return 3 + (index - 1300) / 233;
  if (index >= 800) return 2 + (index - 800) / 500;
  return Math.max(1, 1 + (index - 150) / 650);
}

const median = numbers => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  userAgent: AGENT,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', `--remote-debugging-port=${PORT}`],
});
let failed = false;
try {
  const { host } = new URL(SHOP);
  await control('account', { oauth_domain: host, js_domains: [host], pay_directories: [`${SHOP}/orders/`] });
  const page = await browser.newPage();
  await page.goto(SHOP);
  await page.waitForFunction(() => document.cookie.includes('openId='), undefined, { timeout: 30_000 });
  // the way back from the login ends on the list
  await page.waitForLoadState('networkidle');
  const paid = await order(page);
  await page.evaluate(id => fetch(`/orders/${id}/pay`, { method: 'POST' }), paid);
  await control('pay', { out_trade_no: `${paid}01`, outcome: 'ok' });
  const open = await order(page);
  const pages = { list: '/', product: '/products/slippers-linen', checkout: '/orders/new?sku=pen-brass-f&quantity=1', payment: `/orders/${open}/confirm`, order: `/orders/${paid}` };
  const options = { port: PORT, output: 'json', onlyCategories: CATEGORIES, disableStorageReset: true, emulatedUserAgent: AGENT };
  const { lhr: first } = await lighthouse(SHOP, options);
  const index = first.environment.benchmarkIndex;
  const cpuSlowdownMultiplier = slowdown(index);
  console.log(`benchmark index ${index}: the processor is slowed down ${cpuSlowdownMultiplier.toFixed(1)} times`);
  for (const [name, path] of Object.entries(pages)) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) {
      const { lhr } = await lighthouse(SHOP + path, { ...options, throttling: { ...throttling.mobileSlow4G, cpuSlowdownMultiplier } });
      runs.push(lhr);
    }
    const scores = CATEGORIES.map(category => Math.round(100 * median(runs.map(run => run.categories[category].score))));
    const wrong = CATEGORIES.flatMap(category =>
      runs[0].categories[category].auditRefs
        .filter(({ id, weight }) => weight > 0 && runs[0].audits[id].score !== null && runs[0].audits[id].score < 0.9)
        .map(({ id }) => `${id} (${runs[0].audits[id].displayValue ?? runs[0].audits[id].score})`),
    );
    // robots.txt keeps crawlers away from a shopper's own pages
    const own = path.startsWith('/orders/');
    failed ||= scores.some((score, at) => score < 100 && !(own && CATEGORIES[at] === 'seo'));
    const fcp = Math.round(median(runs.map(run => run.audits['first-contentful-paint'].numericValue)));
    const lcp = Math.round(median(runs.map(run => run.audits['largest-contentful-paint'].numericValue)));
    console.log(`${name.padEnd(9)} ${CATEGORIES.map((category, at) => `${category} ${scores[at]}`).join(', ')}; FCP ${fcp} ms, LCP ${lcp} ms; ${wrong.join(', ') || 'nothing below 90'}`);
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
