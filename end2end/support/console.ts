import { createHmac } from 'node:crypto';
import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { visit } from './shopper';
import type { World } from './world';

export const PASSWORD = 'correct horse battery';

/** The code of an authenticator at this time (RFC 6238). */
function totp(secret: string, later = 0): string {
  const bits = [...secret].map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'));
  const key = Buffer.from(bits.join('').match(/.{8}/g)!.map(byte => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const digest = createHmac('sha1', key).update(step).digest();
  const at = digest[19]! & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

let people = 0;

/** Adds a staff account on the command line, like the first owner, and signs in. */
export async function signIn(page: Page, world: World): Promise<void> {
  const name = `boss-${process.pid}-${people++}`;
  const said = await world.server(['staff', 'add', name, '--role', 'owner'], PASSWORD + '\n');
  const secret = /shown this once: ([A-Z2-7]+)/.exec(said)![1]!;
  await page.goto('/console');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('小店管理');
  await page.getByLabel('账号').fill(name);
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByLabel('动态验证码').fill(totp(secret));
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('概览');
}

/** Orders as a shopper who uses forms only, and pays. A line is a specification and its price in fen. Returns the order's id. */
export async function buys(world: World, request: APIRequestContext, nickname: string, lines = ['pen-brass-f*16800']): Promise<string> {
  const user = await world.simulator.createUser(nickname);
  await request.get(visit(user, '/healthz'));
  await request.get('/api/wechat/redirect?callback=%2Fhealthz&scope=snsapi_base');
  const post = (path: string, form: Record<string, string>) =>
    request.post(path, { form, headers: { origin: world.phone }, maxRedirects: 0 });
  const skuOf = (line: string) => line.split('*')[0]!;
  let placed = await post('/orders', { sku: skuOf(lines[0]!), quantity: '1' });
  if (lines.length > 1) {
    for (const line of lines) await post('/cart', { sku: skuOf(line), quantity: '1' });
    placed = await request.post('/cart/order', {
      data: lines.map(line => `sku=${encodeURIComponent(line)}`).join('&'),
      headers: { origin: world.phone, 'content-type': 'application/x-www-form-urlencoded' },
      maxRedirects: 0,
    });
  }
  expect(placed.status(), await placed.text()).toBe(303);
  const id = /\d{20,}/.exec(placed.headers()['location']!)![0];
  const to = { to: 'new', name: '王小明', phone: '13800138000', region: '浙江省 杭州市 西湖区', detail: '某路 1 号', note: '请放门口' };
  expect((await post(`/orders/${id}/delivery`, to)).status()).toBe(303);
  expect((await post(`/orders/${id}/pay`, {})).status()).toBe(303);
  const order = (await world.simulator.ordersOf(user)).at(-1);
  await world.simulator.pay(order!.out_trade_no);
  return id;
}
