import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';
import { enter, order, PEN } from '../support/shopper';

// Content that a shop may have, and that the pages must bear: long names, extreme prices, many options, no picture.

const LONG = '手工拉坯青瓷马克杯'.repeat(13) + '末尾';
const LATIN = 'Unbreakable'.repeat(11);

/** Replaces texts on the page, as if the catalogue had them. */
async function fill(page: Page, texts: Record<string, string>): Promise<void> {
  await page.evaluate(all => {
    for (const [selector, text] of Object.entries(all)) {
      for (const element of document.querySelectorAll(selector)) {
        const node = selector.endsWith('.price') ? element.lastChild! : element;
        node.textContent = text;
      }
    }
  }, texts);
}

/** Checks at each width that nothing scrolls sideways, and that the elements of each group do not overlap. Stores a picture. */
async function bears(page: Page, name: string, ...groups: string[]): Promise<void> {
  for (const width of [320, 390, 768]) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, `${name} at ${width}`).toBeLessThanOrEqual(0);
    for (const parts of groups) {
      const overlapping = await page.evaluate(selector => {
        const boxes = [...document.querySelectorAll(selector)]
          .filter(element => element.checkVisibility({ contentVisibilityAuto: true }))
          .map(element => ({ text: element.textContent!.slice(0, 20), box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && box.height > 0);
        return boxes.flatMap((one, at) =>
          boxes
            .slice(at + 1)
            .filter(
              ({ box }) =>
                one.box.left < box.right - 1 && box.left < one.box.right - 1 && one.box.top < box.bottom - 1 && box.top < one.box.bottom - 1,
            )
            .map(other => `${one.text} / ${other.text}`),
        );
      }, parts);
      expect(overlapping, `${name} at ${width}`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page).toHaveScreenshot(`bad-${name}.png`, {
    animations: 'disabled',
    scale: 'css',
    mask: [page.locator('.facts'), page.locator('.timeline'), page.locator('.state p'), page.locator('.order .cell .muted')],
    maxDiffPixelRatio: 0.04,
  });
}

test('long names, extreme prices, many options and missing pictures break no page', async ({ ownWorld, console }) => {
  const { page, user } = await ownWorld({});
  console.allow(/ERR_FAILED/);
  await enter(page, user);
  await page.waitForLoadState('networkidle');

  await fill(page, { '.card-name': LONG, '.card .price': '999999.99', '.categories span': LATIN.slice(0, 24) });
  await page.locator('.card img').first().evaluate(picture => picture.setAttribute('src', '/pictures/none.svg'));
  console.allowStatus(404);
  await bears(page, 'list', '.card > *');

  await page.goto(PEN.path);
  await page.waitForLoadState('networkidle');
  await fill(page, { h1: LONG, '.headline .price': '0.01' });
  // forty options with long names
  await page.evaluate(name => {
    const option = document.querySelector('.spec')!;
    option.classList.remove('single');
    for (let more = 0; more < 39; more++) option.parentElement!.append(option.cloneNode(true));
    document.querySelectorAll('.spec > span:first-of-type').forEach((text, at) => (text.textContent = at % 2 ? name : `${at}`));
  }, LATIN.slice(0, 40));
  await bears(page, 'product', '.headline > *, .spec');

  await page.goto('/orders/new?sku=pen-brass-f&quantity=1');
  await page.waitForLoadState('networkidle');
  await fill(page, { '.line-text p:first-child': LONG, '.line-fee .price': '999999.99', '.bottom .price': '49999999.50' });
  await bears(page, 'confirm', '.line-text, .line-fee', '.bottom > *');

  const id = await order(page);
  await page.goto('/orders');
  // an order of fifty lines
  await page.evaluate(() => {
    const line = document.querySelector('.order .line')!;
    for (let more = 0; more < 49; more++) line.after(line.cloneNode(true));
  });
  await fill(page, { '.line-text p:first-child': LONG, '.line-fee .price': '999999.99' });
  await bears(page, 'orders', '.order .line-text, .order .line-fee, .card-actions');
  await page.goto(`/orders/${id}`);
  await fill(page, { '.parcel .muted': LATIN, '.line-text p:first-child': LATIN });
  await bears(page, 'order', '.parcel-row, .line-text, .line-fee');

  await page.goto('/me');
  await page.waitForLoadState('networkidle');
  await fill(page, { h1: '🌸👨‍👩‍👧‍👦'.repeat(16), '.count-badge': '999', '.cell .price': '49999999.50' });
  // a picture that does not load
  await page.locator('.avatar').evaluate(avatar => avatar.insertAdjacentHTML('beforeend', '<img src="/pictures/none.png" alt="" width="64" height="64">'));
  await page.waitForLoadState('networkidle');
  await bears(page, 'me', '.me > *, .states a');
});
