// The simulator's own controls: ../../README.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { SIMULATOR_URL, CLIENTS_DIR } = process.env;
if (!SIMULATOR_URL) throw new Error('started by run.sh, not by hand');

export async function control(path, body) {
  const response = await fetch(`${SIMULATOR_URL}/_simulator/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`/_simulator/${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

export const account = await control('account');
export const [{ openid }] = await control('users');

/** A file that run.sh has made. */
export function made(name) {
  return readFileSync(join(CLIENTS_DIR, name));
}

/** What an earlier test may have left: faults, disturbed notifications, keys. */
export async function quiet() {
  await control('faults', {});
  await control('notifications', {});
  await control('account', { platform_keys: 'follow', notification_extras: true });
  await control('refund', { outcome: 'success' });
}

let last = 0;
/** A number that no order or refund has had. */
export function number(kind = 'c') {
  return `${kind}${Date.now().toString(36)}${process.pid.toString(36)}${(last++).toString(36)}`;
}

/** The shopper's thumb. */
export function pay(named) {
  return control('pay', { outcome: 'ok', ...named });
}

export async function order(out_trade_no) {
  return (await control('ledger')).orders.find(order => order.out_trade_no === out_trade_no);
}

export async function notificationsOf(out_trade_no) {
  return (await control('ledger')).notifications.filter(each => each.out_trade_no === out_trade_no);
}

/** Asks again until it holds; the notifications and what becomes of them come a moment later. */
export async function until(question, what) {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await question();
    if (answer) return answer;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error(`in vain: ${what}`);
}

/** To noon of the next day in Shanghai; gives the day that it was, as 2026-01-31. */
export async function dayOver() {
  const { now } = await control('clock');
  const [day, time] = [now.slice(0, 10), now.slice(11, 19)];
  const [hours, minutes, seconds] = time.split(':').map(Number);
  await control('clock', { advance_s: (36 - hours) * 3600 - minutes * 60 - seconds });
  return day;
}
