/** An order in WeChat's records. */
export interface WechatOrder {
  out_trade_no: string;
  trade_state: string;
  total_fee: number;
  openid: string;
  prepay_ids: string[];
  code_url: string | null;
}

/** A notification to the shop, with the shop's answers. */
export interface Notification {
  out_trade_no: string;
  acknowledged: boolean;
  attempts: { status: number | null; acknowledged: boolean; note: string | null }[];
}

/** The data that a page set for sharing. */
export interface Share {
  api: string;
  openid: string;
  page: string;
  data: { title: string; link: string; desc?: string; imgUrl?: string; img_url?: string };
}

export interface User {
  openid: string;
  /** The user's openid in the mini program. */
  miniprogram_openid: string;
  nickname: string;
}

export interface Fault {
  endpoint?: string;
  kind?: string;
  times?: number;
  seconds?: number;
  code?: string;
}

export type Outcome = 'ok' | 'cancel' | 'fail';

/** The controls of the simulated WeChat: crates/simulator/README.md. */
export class Simulator {
  constructor(readonly url: string) {}

  createUser(nickname: string): Promise<User> {
    return this.call('users', { nickname });
  }

  /** Acts as the shopper on the payment sheet, without a browser. */
  pay(out_trade_no: string, outcome: Outcome = 'ok'): Promise<unknown> {
    return this.call('pay', { out_trade_no, outcome });
  }

  /** Adds a fault. Without an argument, removes all faults. */
  faults(fault: Fault = {}): Promise<unknown> {
    return this.call('faults', fault);
  }

  /** Disturbs future notifications. Without an argument, they arrive again. */
  notifications(disturbance: { drop?: boolean | number; delay_s?: number } = {}): Promise<unknown> {
    return this.call('notifications', disturbance);
  }

  advance(advance_s: number): Promise<unknown> {
    return this.call('clock', { advance_s });
  }

  /** The attempts of one of the shop's orders. */
  async attemptsOf(order: string): Promise<WechatOrder[]> {
    const ledger = await this.ledger();
    return ledger.orders.filter(({ out_trade_no }) => out_trade_no.startsWith(order));
  }

  /** The orders for this user. */
  async ordersOf(user: User): Promise<WechatOrder[]> {
    const ledger = await this.ledger();
    return ledger.orders.filter(order => order.openid === user.openid);
  }

  async notificationsOf(order: WechatOrder): Promise<Notification[]> {
    const ledger = await this.ledger();
    return ledger.notifications.filter(each => each.out_trade_no === order.out_trade_no);
  }

  async sharesOf(user: User): Promise<Share[]> {
    const ledger = await this.ledger();
    return ledger.shares.filter(share => share.openid === user.openid);
  }

  private ledger(): Promise<{ orders: WechatOrder[]; notifications: Notification[]; shares: Share[] }> {
    return this.call('ledger');
  }

  /** Any other control. */
  async call<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_simulator/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`/_simulator/${path}: ${response.status} ${text}`);
    return text === '' ? (undefined as T) : JSON.parse(text);
  }
}
