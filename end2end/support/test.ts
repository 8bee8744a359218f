import { test as base, expect, type BrowserContext, type Page, type Request } from '@playwright/test';
import type { User } from './simulator';
import { World, type Settings } from './world';

/** Chromium's message that the sandbox blocked the iPhone's frame: crates/simulator/README.md. */
const BRIDGE_NOTE = /^Navigation to external protocol blocked by sandbox/;

/** Chromium's message that it gives up the change from one page to the next. The pages are not concerned. */
const TRANSITION_NOTE = /Transition was (aborted|skipped)/;

/** Collects the errors on the browser's console. A test fails if there are unexpected ones. */
export class Console {
  readonly errors: string[] = [];
  private readonly allowed = [BRIDGE_NOTE, TRANSITION_NOTE];

  /** Allows an error that the test causes. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** Allows a response with this status. */
  allowStatus(status: number): void {
    this.allow(new RegExp(`status of ${status}`));
  }

  async listenTo(context: BrowserContext): Promise<void> {
    context.on('console', message => {
      if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', error => this.errors.push(String(error.error())));
    await context.addInitScript(() =>
      addEventListener('securitypolicyviolation', event =>
        console.error(`CSP: ${event.effectiveDirective} refuses ${event.blockedURI}`),
      ),
    );
  }

  unexpected(): string[] {
    return this.errors.filter(error => !this.allowed.some(pattern => pattern.test(error)));
  }
}

/** A shopper and their page. */
export interface Shopper {
  user: User;
  page: Page;
}

interface OfTest {
  /** The shopper of this test. `page` is their WeChat. */
  user: User;
  /** The visits of `page` to WeChat's login page. */
  logins: Request[];
  console: Console;
  /** Another shopper with another WeChat. */
  otherShopper: () => Promise<Shopper>;
  /** Starts another shop and simulator with other settings, and a shopper. They end with the test. */
  ownWorld: (settings: Settings) => Promise<Shopper & { world: World }>;
  contextIn: (world: World) => Promise<BrowserContext>;
}

export const test = base.extend<OfTest, { world: World }>({
  world: [
    async ({}, use) => {
      const world = await World.start();
      await use(world);
      await world.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: ({ world }, use) => use(world.phone),

  user: async ({ world }, use, info) => {
    const from = world.log.length;
    await use(await world.simulator.createUser(info.title.slice(0, 20)));
    await world.simulator.faults();
    await world.simulator.notifications();
    const said = world.log.slice(from);
    if (info.status !== info.expectedStatus) tell(said);
    expect(said).not.toContain('panicked');
  },

  logins: async ({ context }, use) => {
    const logins: Request[] = [];
    context.on('request', request => {
      if (new URL(request.url()).pathname === '/connect/oauth2/authorize') logins.push(request);
    });
    await use(logins);
  },

  console: [
    async ({ context }, use) => {
      const console = new Console();
      await console.listenTo(context);
      await use(console);
      expect(console.unexpected(), 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],

  contextIn: async ({ browser, console }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async world => {
      const context = await browser.newContext({ baseURL: world.phone });
      contexts.push(context);
      await console.listenTo(context);
      return context;
    });
    for (const context of contexts) await context.close();
  },

  otherShopper: async ({ world, contextIn }, use) => {
    await use(async () => {
      const context = await contextIn(world);
      return { page: await context.newPage(), user: await world.simulator.createUser('other shopper') };
    });
  },

  ownWorld: async ({ contextIn }, use, info) => {
    const worlds: World[] = [];
    const contexts: BrowserContext[] = [];
    await use(async settings => {
      const world = await World.start(settings);
      worlds.push(world);
      const context = await contextIn(world);
      contexts.push(context);
      return { world, page: await context.newPage(), user: await world.simulator.createUser(info.title.slice(0, 20)) };
    });
    // close pages first: a page without its server logs errors. A slow browser may miss the limit; that does no harm
    for (const context of contexts) await Promise.race([context.close(), new Promise(done => setTimeout(done, 10_000))]);
    for (const world of worlds) {
      if (info.status !== info.expectedStatus) tell(world.log);
      await world.stop();
    }
  },
});

function tell(log: string): void {
  console.log(`--- scripts/run.sh ---\n${log}----------------------`);
}

export { expect };
