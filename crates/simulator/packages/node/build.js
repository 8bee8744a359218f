// Writes the two npm packages as folders. Usage: node build.js PROGRAM FOLDER

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [program, folder] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const cargo = readFileSync(join(here, '../../../../Cargo.toml'), 'utf8');
const version = cargo.match(/\[workspace\.package\]\nversion = "([^"]+)"/)[1];
const license = 'MIT OR Apache-2.0';
const platform = 'wechat-simulator-linux-x64';

function write(name, manifest, files) {
  const target = join(folder, name);
  mkdirSync(target, { recursive: true });
  for (const file of files) copyFileSync(join(here, file), join(target, file));
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, version, license, ...manifest }, null, 2) + '\n');
  return target;
}

write('wechat-simulator', {
  description: 'A strict simulated WeChat for tests: login, JS-SDK, WeChat Pay V2 and V3',
  keywords: ['wechat', 'wechatpay', 'testing', 'mock'],
  type: 'module',
  exports: {
    '.': { types: './index.d.ts', default: './index.js' },
    './playwright': { types: './playwright.d.ts', default: './playwright.js' },
  },
  engines: { node: '>=20' },
  optionalDependencies: { [platform]: version },
}, ['index.js', 'index.d.ts', 'playwright.js', 'playwright.d.ts', 'README.md']);

const target = write(platform, {
  description: 'The program of wechat-simulator for Linux x64',
  os: ['linux'], cpu: ['x64'], files: ['bin'],
}, []);
mkdirSync(join(target, 'bin'), { recursive: true });
copyFileSync(program, join(target, 'bin/wechat-simulator'));
chmodSync(join(target, 'bin/wechat-simulator'), 0o755);
