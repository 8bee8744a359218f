// The types of playwright.js.

import type { Simulator, World } from './index.js';

/** What `wechatFixtures` adds to a test. */
export interface WechatFixtures {
  /** A world for each test. */
  wechat: World;
}

/** What `wechatFixtures` adds to a worker. */
export interface WechatWorkerFixtures {
  wechatSimulator: Simulator;
}

/** `const test = base.extend<WechatFixtures, WechatWorkerFixtures>(wechatFixtures)`. */
export const wechatFixtures: any;
