import { defineConfig } from '@playwright/test';

// The user agents of WeChat's browsers.
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 ' +
  'MicroMessenger/8.0.49(0x18003135) NetType/WIFI Language/zh_CN';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; 2211133C Build/UKQ1.230705.002; wv) AppleWebKit/537.36 (KHTML, like Gecko) ' +
  'Version/4.0 Chrome/111.0.5563.116 Mobile Safari/537.36 XWEB/1110017 MMWEBSDK/20230805 MMWEBID/525 ' +
  'MicroMessenger/8.0.42.2460(0x28002A35) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64';
const PHONE = { isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results/failures',
  snapshotPathTemplate: 'screens/{arg}{ext}',
  reporter: 'list',
  // a busy CI machine may slow a browser down; Playwright reports a test that passes later as flaky
  retries: process.env.CI ? 1 : 0,
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    locale: 'zh-CN',
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'iphone', use: { ...PHONE, userAgent: IPHONE, viewport: { width: 390, height: 844 } } },
    {
      name: 'android',
      use: { ...PHONE, userAgent: ANDROID, viewport: { width: 412, height: 915 } },
      // these tests do not depend on the phone, so they run once
      testIgnore: ['outside', 'crash', 'expiry', 'looks', 'screens', 'console', 'console-limits', 'complaints', 'clock', 'phone-frame', 'english', 'motion', 'pages'].map(name => `**/${name}.spec.ts`),
    },
  ],
});
