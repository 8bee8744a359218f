import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';

const SCHEMES = ['dark', 'light'] as const;
/** A folder for a picture of every page in every width and scheme. Without it, no picture is taken. */
const PICTURES = process.env.LOOKS;
const WIDTHS = PICTURES ? [320, 390, 430, 768, 1280] : [320, 390, 1280];
// English has the same elements and colours: without pictures only its longer words are checked, where there is the least room
const SHORT = { schemes: ['light'] as const, widths: [320] };
const HEIGHT = 844;

/** Counts the layout shifts of each page from its start. */
export async function countShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const all: string[] = [];
    (window as unknown as { shifts: string[] }).shifts = all;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean; sources: { node?: Node }[] }[]) {
        const element = entry.sources[0]?.node;
        if (!entry.hadRecentInput) all.push(`${entry.value.toFixed(4)} ${element instanceof Element ? element.outerHTML.slice(0, 80) : element?.textContent}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** What is wrong with the layout at this width: a page that scrolls sideways, text that is cut or leaves its box, texts over each other. */
function layoutFaults(): string[] {
  const found: string[] = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide} px too wide`);
  const scrolls = (element: Element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const across = /auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth;
    return across || (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight);
  };
  const ancestors = (element: Element): Element[] => (element.parentElement ? [element.parentElement, ...ancestors(element.parentElement)] : []);
  const texts: { text: string; box: DOMRect; layer: Element | undefined }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!;
    const text = node.textContent!.trim();
    if (!text || element.closest('script, style, select, datalist, noscript, svg, textarea, [data-testid^="wechat"], #wechat-bar, .skip')) continue;
    if (!element.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const around = [element, ...ancestors(element)];
    const clips = around.filter(each => getComputedStyle(each).overflow !== 'visible' && each !== document.documentElement && each !== document.body);
    // a row that scrolls, and text that ends with an ellipsis, may be longer than its box
    if (around.some(scrolls) || clips.some(each => getComputedStyle(each).textOverflow === 'ellipsis' || getComputedStyle(each).webkitLineClamp !== 'none')) continue;
    const layer = around.find(each => /fixed|sticky|absolute/.test(getComputedStyle(each).position));
    for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`outside the page: ${text.slice(0, 40)}`);
      const cut = clips.find(each => {
        const border = each.getBoundingClientRect();
        return border.width > 2 && (box.left < border.left - 1 || box.right > border.right + 1 || box.bottom > border.bottom + 2);
      });
      if (cut) found.push(`cut by ${cut.tagName}.${cut.className}: ${text.slice(0, 40)}`);
      const own = element.closest('button, .button, .tag, td, li, .panel')?.getBoundingClientRect();
      if (own && (box.left < own.left - 1 || box.right > own.right + 1)) found.push(`leaves its box: ${text.slice(0, 40)}`);
      texts.push({ text, box, layer });
    }
  }
  for (const [at, one] of texts.entries()) {
    for (const other of texts.slice(at + 1)) {
      if (one.layer !== other.layer) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > 2 && down > 6) found.push(`over each other: ${one.text.slice(0, 30)} / ${other.text.slice(0, 30)}`);
    }
  }
  // the bar at the bottom must not hide the end of the page
  const bar = [...document.querySelectorAll('.bottom, .tabs, .check-out')].filter(each => getComputedStyle(each).position === 'fixed' && each.checkVisibility());
  const last = [...document.querySelectorAll('main > *, main > * > .panel')].filter(each => each.checkVisibility() && !['fixed', 'sticky'].includes(getComputedStyle(each).position)).map(each => each.getBoundingClientRect().bottom + scrollY);
  const free = Math.min(...bar.map(each => innerHeight - each.getBoundingClientRect().top));
  if (bar.length && last.length && document.documentElement.scrollHeight - Math.max(...last) < free - 1) found.push('the bar hides the end of the page');
  return [...new Set(found)];
}

/** Checks a page in each width and scheme, with axe, and its targets for a finger. Collects what is wrong. */
export class Looker {
  readonly wrong: string[] = [];
  constructor(private readonly page: Page, private readonly language: string) {}

  /** `finger`: shoppers tap on this page, so each target has 44 px. */
  async look(name: string, { finger = true, fullPage = true } = {}): Promise<void> {
    const page = this.page;
    const about = `${name}, ${this.language}`;
    const size = page.viewportSize();
    await page.waitForLoadState('networkidle');
    // on a busy machine scripts come so late that they move what is shown: the long form, on an idle machine, reports it
    const shifts = PICTURES ? await page.evaluate(() => (window as unknown as { shifts?: string[] }).shifts ?? []) : [];
    if (shifts.length) this.wrong.push(`${about}: the layout shifts: ${shifts.join(' | ')}`);
    const isShort = this.language === 'en' && !PICTURES;
    for (const colorScheme of isShort ? SHORT.schemes : SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
      for (const { id, nodes } of violations) this.wrong.push(`${about}, ${colorScheme}: axe ${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
    }
    for (const width of isShort ? SHORT.widths : WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      for (const fault of await page.evaluate(layoutFaults)) this.wrong.push(`${about} at ${width}: ${fault}`);
      if (finger) {
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('main button, main a, main select, main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), nav a, dialog button')]
            .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.closest('p, .line-text'))
            .map(element => ({ text: element.textContent?.trim() ?? '', height: element.getBoundingClientRect().height }))
            .filter(({ height }) => height > 0 && height < 44)
            .map(({ text, height }) => `${text} ${height} px`),
        );
        for (const target of small) this.wrong.push(`${about} at ${width}: too small for a finger: ${target}`);
      }
      if (!PICTURES) continue;
      for (const colorScheme of SCHEMES) {
        mkdirSync(`${PICTURES}/${this.language}/${width}`, { recursive: true });
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${PICTURES}/${this.language}/${width}/${name}-${colorScheme}.png`, fullPage, scale: 'css', animations: 'disabled' });
      }
    }
    if (size) await page.setViewportSize(size);
  }

  /** Fails if anything was wrong. */
  end(): void {
    expect(this.wrong).toEqual([]);
  }
}
