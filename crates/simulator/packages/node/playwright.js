// Fixtures for Playwright: `wechatSimulator`, one process for each worker, and `wechat`, a world for each test.

import { start } from './index.js';

/** `const test = base.extend(wechatFixtures)`. */
export const wechatFixtures = {
  wechatSimulator: [
    async ({}, use) => {
      const simulator = await start();
      await use(simulator);
      await simulator.close();
    },
    { scope: 'worker' },
  ],
  wechat: async ({ wechatSimulator }, use) => {
    const world = await wechatSimulator.world();
    await use(world);
    await wechatSimulator.end(world);
  },
};
