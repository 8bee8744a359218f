// Starts the simulated WeChat in tests, and calls its controls.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const FREE = '127.0.0.1:0';

/** The path of the program: it is in a package for this platform. */
export function program() {
  const name = `wechat-simulator-${process.platform}-${process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/wechat-simulator`);
  } catch {
    throw new Error(`wechat-simulator has no program for ${process.platform} ${process.arch}: ${name} is not installed`);
  }
}

/** One simulated WeChat: its addresses and its controls. */
export class World {
  constructor({ url, tls_url, phone_url, world }) {
    Object.assign(this, { url, tlsUrl: tls_url, phoneUrl: phone_url, id: world });
  }

  /** Calls `/_simulator/PATH`. Without a body it is a GET. */
  async control(path, body, method = body === undefined ? 'GET' : 'POST') {
    const answer = await fetch(`${this.url}/_simulator/${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.error);
    return json;
  }

  account() { return this.control('account'); }
  /** Sets registered values, for example `{ js_domains: ['shop.example'] }`. */
  register(settings) { return this.control('account', settings); }
  /** Adds accounts, for example `{ merchants: [{ mch_id: '1900000999' }] }`, and returns all of them with their keys. */
  addAccounts(accounts) { return this.control('accounts', accounts); }
  /** Makes an event happen: order, payment, close, refund, refund-closed, refund-abnormal, complaint. */
  trigger(event, more = {}) { return this.control('trigger', { event, ...more }); }
  /** Acts as the shopper on the payment sheet: ok, cancel or fail. */
  pay(out_trade_no, outcome = 'ok') { return this.control('pay', { out_trade_no, outcome }); }
  /** Waits until the first notification of the order, or of its refund (`kind`: 'refund'), is answered, and returns it. */
  async notified(out_trade_no, kind = 'payment', seconds = 5) {
    const end = Date.now() + 1000 * seconds;
    for (;;) {
      const { notifications } = await this.ledger();
      const rows = notifications.filter(row => row.out_trade_no === out_trade_no && row.kind === kind);
      const answered = rows.find(row => row.attempts.length);
      if (answered) return answered;
      if (Date.now() > end) {
        const why = rows.length ? 'it is not due yet: move the clock with advance()' : 'the request has no notify_url';
        throw new Error(`${out_trade_no}: no ${kind} notification in ${seconds} s: ${why}`);
      }
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  }
  /** Moves the clock forward. */
  advance(seconds) { return this.control('clock', { advance_s: seconds }); }
  /** Plans a fault, for example `fault('jsapi', 'timeout_after', { times: 1 })`. */
  fault(endpoint, kind, more = {}) { return this.control('faults', { endpoint, kind, ...more }); }
  ledger() { return this.control('ledger'); }
  /** The last requests. A refused one has a `reason`; one with a wrong signature has a `sentence` too. */
  async requests() { return (await this.control('requests')).requests; }
}

/** A simulator that runs until `close`. */
export class Simulator extends World {
  #process;

  constructor(addresses, process) {
    super(addresses);
    this.#process = process;
  }

  /** A new world with its own addresses and data. */
  async world(shop) { return new World(await this.control('worlds', shop ? { shop } : {})); }
  end(world) { return this.control(`worlds/${world.id}`, undefined, 'DELETE'); }

  async close() {
    const ended = new Promise(resolve => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
  }
}

/** Starts a simulator on free ports. */
export async function start({ shop = 'http://127.0.0.1:9', jssdk, seed, file = program() } = {}) {
  const options = ['--listen', FREE, '--tls-listen', FREE, '--phone-listen', FREE, '--shop', shop];
  if (jssdk) options.push('--jssdk', jssdk);
  if (seed) options.push('--seed', seed);
  // without a script of the JS-SDK: tests of payments need none
  const env = { RUST_LOG: 'warn', WECHAT_SIMULATOR_JSSDK: '', ...process.env };
  const child = spawn(file, options, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const found = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`the simulator ended with code ${code}`)));
    child.stdout.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      const urls = text.match(/https?:\/\/[^/\s]+/g) ?? [];
      if (text.split('\n').length > 3) resolve(urls);
    });
  });
  child.removeAllListeners('exit');
  return new Simulator({ url: found[0], tls_url: found[1], phone_url: found[2] }, child);
}

/**
 * For node's test runner: `const wechat = fixture(test)`, then `wechat()` in a test is its world. One process serves all
 * tests of the file.
 */
export function fixture({ before, beforeEach, after, afterEach }) {
  let simulator, world;
  before(async () => { simulator = await start(); });
  beforeEach(async () => { world = await simulator.world(); });
  afterEach(() => simulator.end(world));
  after(() => simulator.close());
  return () => world;
}
