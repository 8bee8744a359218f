// The types of index.js. The controls are described in the README of the simulator.

/** What a control answers: JSON. */
export type Json = any;

/** The path of the program. Throws if there is none for this platform. */
export function program(): string;

/** One simulated WeChat: its addresses and its controls. */
export class World {
  readonly url: string;
  /** Plays every WeChat host over TLS. */
  readonly tlsUrl: string;
  readonly phoneUrl: string;
  readonly id: string | undefined;
  /** Calls `/_simulator/PATH`. Without a body it is a GET. */
  control(path: string, body?: unknown, method?: string): Promise<Json>;
  /** Numbers, keys and certificates of the account. */
  account(): Promise<Json>;
  /** Sets registered values, for example `{ js_domains: ['shop.example'] }`. */
  register(settings: object): Promise<Json>;
  /** Adds accounts, for example `{ merchants: [{ mch_id: '1900000999' }] }`, and returns all of them with their keys. */
  addAccounts(accounts: object): Promise<Json>;
  /** Makes an event happen. */
  trigger(
    event: 'order' | 'payment' | 'close' | 'refund' | 'refund-closed' | 'refund-abnormal' | 'complaint',
    more?: object,
  ): Promise<Json>;
  /** Acts as the shopper on the payment sheet. */
  pay(out_trade_no: string, outcome?: 'ok' | 'cancel' | 'fail'): Promise<Json>;
  /** Waits until the first notification of the order, or of its refund, is answered, and returns it. */
  notified(out_trade_no: string, kind?: 'payment' | 'refund', seconds?: number): Promise<Json>;
  /** Moves the clock forward. */
  advance(seconds: number): Promise<Json>;
  /** Plans a fault, for example `fault('jsapi', 'timeout_after', { times: 1 })`. */
  fault(endpoint: string, kind: string, more?: object): Promise<Json>;
  /** All orders, refunds, notifications and tokens. */
  ledger(): Promise<Json>;
  /** The last requests. A refused one has a `reason`; one with a wrong signature has a `sentence` too. */
  requests(): Promise<Json[]>;
}

/** A simulator that runs until `close`. */
export class Simulator extends World {
  /** A new world with its own addresses and data; `shop` is the shop's address. */
  world(shop?: string): Promise<World>;
  end(world: World): Promise<Json>;
  close(): Promise<void>;
}

/** Starts a simulator on free ports. */
export function start(options?: { shop?: string; jssdk?: string; seed?: string; file?: string }): Promise<Simulator>;

/** For node's test runner: `const wechat = fixture(test)`, then `wechat()` in a test is its world. */
export function fixture(runner: {
  before: (begin: () => unknown) => unknown;
  beforeEach: (begin: () => unknown) => unknown;
  after: (end: () => unknown) => unknown;
  afterEach: (end: () => unknown) => unknown;
}): () => World;
