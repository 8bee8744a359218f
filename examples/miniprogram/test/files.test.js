// Checks the files, the markup and the handlers like WeChat's developer tools.

const assert = require('node:assert/strict');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { Phone } = require('./phone.js');

const ROOT = join(__dirname, '..');
const read = file => readFileSync(join(ROOT, file), 'utf8');
const { pages } = JSON.parse(read('app.json'));

test('each page has its files, and its JSON is valid', () => {
  for (const file of ['project.config.json', 'sitemap.json', ...pages.map(page => `${page}.json`)]) {
    JSON.parse(read(file));
  }
  for (const page of pages) for (const ending of ['js', 'wxml']) assert(existsSync(join(ROOT, `${page}.${ending}`)));
});

test('the appid is the placeholder', () => {
  assert.equal(JSON.parse(read('project.config.json')).appid, 'touristappid');
});

for (const path of pages) {
  test(`${path}: all tags are closed and all handlers exist`, () => {
    const markup = read(`${path}.wxml`);
    const open = [];
    for (const [, closing, name, own] of markup.matchAll(/<(\/?)([a-z-]+)(?:"[^"]*"|[^>"])*?(\/?)>/g)) {
      if (closing) assert.equal(open.pop(), name);
      else if (!own) open.push(name);
    }
    assert.deepEqual(open, []);

    let definition;
    const phone = new Phone({}, {});
    phone.run(`${path}.js`, { Page: page => (definition = page) });
    for (const [, handler] of markup.matchAll(/bind\w+="(\w+)"/g)) assert.equal(typeof definition[handler], 'function');
  });
}

test('the web view shows pages of the shop only', async () => {
  const phone = new Phone({}, {});
  const shown = async url => (await phone.open(url)).data.src;
  assert.equal(await shown('/pages/web/web'), 'https://shop.example.com/');
  assert.equal(await shown(`/pages/web/web?path=${encodeURIComponent('/orders?a=1')}`), 'https://shop.example.com/orders?a=1');
  assert.equal(await shown('/pages/web/web?scene=mug-celadon'), 'https://shop.example.com/products/mug-celadon');
  assert.equal(await shown('/pages/web/web?path=.evil.example'), 'https://shop.example.com/');
  assert.equal(await shown('/pages/web/web?path=%40evil.example'), 'https://shop.example.com/');
});
