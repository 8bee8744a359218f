import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { collect, enter, live, PEN, says, settled, sheet } from '../support/shopper';

// What the merchant typed stays in the merchant's language: products, the shop's own name, its operator, and where to collect (scripts/run.sh).
const CATALOGUE = readFileSync(resolve(__dirname, '../../crates/shop/catalogue.toml'), 'utf8');
const TYPED = [...CATALOGUE.split('\n'), ...[...CATALOGUE.matchAll(/"([^"\n]+)"/g)].map(([, text]) => text!), '小店', '小店演示商贸有限公司', '小王', '上海市徐汇区衡山路 1 号，9:00 至 21:00']
  .map(text => text.replaceAll('"', '').trim())
  .filter(text => /\p{Script=Han}/u.test(text))
  .sort((one, other) => other.length - one.length);

/** Checks at 320 px that the page has no Chinese sentence, that nothing scrolls sideways, and that each tab has one line. */
async function reads(page: Page, name: string): Promise<void> {
  await page.waitForLoadState();
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      // places in China, the button to Chinese, and what runs in WeChat
      if (!parent.closest('script, style, select, [lang="zh"], [data-testid^="wechat"]')) found.push(node.textContent!.trim());
    }
    for (const element of document.querySelectorAll('main [placeholder], main [aria-label], main [title]')) {
      for (const attribute of ['placeholder', 'aria-label', 'title']) found.push(element.getAttribute(attribute) ?? '');
    }
    return [...found, document.title];
  });
  const chinese = texts.filter(text => /\p{Script=Han}/u.test(TYPED.reduce((rest, typed) => rest.replaceAll(typed, ''), text)));
  expect(chinese, name).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  const tall = await page.locator('.tabs a, .bar a').evaluateAll(links =>
    links.filter(link => {
      const text = document.createRange();
      text.selectNodeContents(link.lastChild!);
      const box = text.getBoundingClientRect();
      return box.height > 20 || box.left < link.getBoundingClientRect().left || box.right > link.getBoundingClientRect().right;
    }).map(link => link.textContent),
  );
  expect(tall, `${name}: tabs that do not fit`).toEqual([]);
}

test('the English pages have no Chinese sentence, and fit a small phone', async ({ page, user, console }) => {
  test.setTimeout(120_000);
  console.allowStatus(404);
  await page.setViewportSize({ width: 320, height: 640 });
  await enter(page, user, '/me');
  await page.getByRole('button', { name: 'English' }).tap();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await settled(page);
  await reads(page, 'me');
  for (const path of ['/', '/search?q=zzz', '/search?q=', '/cart', '/orders', '/wallet', '/addresses', '/products/slippers-linen', '/orders/1', '/cart/confirm']) {
    await page.goto(path);
    await reads(page, path);
  }
  await page.goto(PEN.path);
  await page.getByRole('button', { name: 'Add to cart' }).tap();
  await page.getByRole('link', { name: 'Go to the cart' }).tap();
  await page.waitForURL('**/cart');
  await reads(page, 'cart');
  await page.getByRole('button', { name: 'Check out' }).tap();
  await page.waitForURL('**/cart/confirm*');
  await reads(page, 'confirm');
  await page.goto(PEN.path);
  await page.getByRole('button', { name: 'Buy now' }).tap();
  await collect(page);
  await page.locator('input[name=pay]').evaluate(field => field.remove());
  const pay = page.getByRole('button', { name: 'WeChat Pay' });
  await pay.tap();
  await page.waitForURL(/\/orders\/\d{10,}/);
  const id = await page.getByTestId('order-id').innerText();
  await reads(page, 'confirmed');
  await page.goto(`/orders/${id}`);
  await reads(page, 'unpaid');
  await page.goto(`/orders/${id}/delivery`);
  await reads(page, 'delivery');
  await page.goto(`/orders/${id}/confirm`);
  await (await live(pay)).tap();
  await sheet(page).confirm.tap();
  await says(page, 'Paid', id);
  await reads(page, 'paid');
  for (const path of [`/orders/${id}/receipt`, '/orders', '/me']) {
    await page.goto(path);
    await reads(page, path);
  }
});
