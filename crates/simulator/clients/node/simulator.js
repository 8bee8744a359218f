// Calls the controls of the simulator (see ../../README.md).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { SIMULATOR_URL, CLIENTS_DIR } = process.env;
if (!SIMULATOR_URL) throw new Error('start the tests with run.sh');

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

/** Reads a file that run.sh has created. */
export function runFile(name) {
  return readFileSync(join(CLIENTS_DIR, name));
}

/** Resets what an earlier test can have changed: faults, delivery faults, keys. */
export async function resetSimulator() {
  await control('faults', {});
  await control('notifications', {});
  await control('account', { platform_keys: 'follow', notification_extras: true });
  await control('refund', { outcome: 'success' });
}

let last = 0;
/** Returns a new order number or refund number. */
export function number(kind = 'c') {
  return `${kind}${Date.now().toString(36)}${process.pid.toString(36)}${(last++).toString(36)}`;
}

/** Pays an order as the user. */
export function pay(named) {
  return control('pay', { outcome: 'ok', ...named });
}

export async function order(out_trade_no) {
  return (await control('ledger')).orders.find(order => order.out_trade_no === out_trade_no);
}

export async function notificationsOf(out_trade_no) {
  return (await control('ledger')).notifications.filter(each => each.out_trade_no === out_trade_no);
}

/** Repeats the question until it has an answer. Notifications arrive a moment after their event. */
export async function until(question, what) {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await question();
    if (answer) return answer;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error(`time-out: ${what}`);
}

/** Sets the clock to noon of the next day in Shanghai. Returns the day before, like 2026-01-31. */
export async function startNextDay() {
  const { now } = await control('clock');
  const [day, time] = [now.slice(0, 10), now.slice(11, 19)];
  const [hours, minutes, seconds] = time.split(':').map(Number);
  await control('clock', { advance_s: (36 - hours) * 3600 - minutes * 60 - seconds });
  return day;
}
