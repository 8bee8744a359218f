// A fake phone that runs the files of the mini program. Its `wx` calls the simulator and the shop. It has the same
// checks as WeChat, because without them a mistake would fail only on a real phone.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join, posix } = require('node:path');
const { compileFunction } = require('node:vm');

const ROOT = join(__dirname, '..');

class Phone {
  /** The stack of open pages. The last one is visible. */
  pages = [];
  /** The requests to the shop, like `POST /api/miniprogram/pay`. */
  requests = [];
  /** The messages that the user has seen. */
  messages = [];
  /** The requested payments: the amount of the payment sheet and the result for the page. */
  payments = [];
  /** The `extraData` of each component that was opened. */
  views = [];
  storage = new Map();
  /** The requests for consent to messages, and the results for the page. */
  questions = [];
  /** The answer of the user to these requests: accept or reject. */
  consent = 'accept';
  /** Whether WeChat would open a request for consent: in the handler of a tap, or in the callback of a payment. */
  mayAsk = false;
  /** The outcome of the payment sheet: ok, cancel, fail, or a function that returns one of them. */
  paymentOutcome = 'ok';

  /** @param addresses the URLs `simulator`, `phone` and `shop`; @param user a user of the simulator. */
  constructor(addresses, user) {
    this.addresses = addresses;
    this.user = user;
    this.modules = new Map();
    this.config = JSON.parse(read('app.json'));
    this.shopName = this.require('config').shop;
    this.run('app.js', { App: definition => (this.app = definition) });
  }

  get page() {
    return this.pages.at(-1);
  }

  /** Opens a page on top of the stack and waits for its onLoad. */
  async open(url) {
    const [, path, query = ''] = /^\/([^?]+)(?:\?(.*))?$/.exec(url) ?? assert.fail(`not an absolute path: ${url}`);
    assert(this.config.pages.includes(path), `${path} is not in app.json`);
    assert(this.pages.length < 10, 'WeChat opens no more than ten pages');
    let page;
    this.run(`${path}.js`, {
      Page: definition => {
        page = { ...definition, route: path, data: structuredClone(definition.data ?? {}) };
      },
    });
    page.setData = changes => Object.assign(page.data, structuredClone(changes));
    this.pages.push(page);
    // WeChat does not decode the values of the URL
    const options = Object.fromEntries(query.split('&').filter(Boolean).map(pair => pair.split(/=(.*)/s, 2)));
    await page.onLoad?.(options);
    return page;
  }

  /** Taps an element with this handler and these data-* attributes. */
  tap(handler, dataset = {}) {
    return this.inGesture(() => this.page[handler]({ type: 'tap', currentTarget: { dataset } }));
  }

  /** Runs a handler. What it does after its first `await` is not part of the tap any more. */
  inGesture(work) {
    this.mayAsk = true;
    try {
      return work();
    } finally {
      this.mayAsk = false;
    }
  }

  run(file, globals) {
    const names = { require: name => this.require(posix.join(posix.dirname(file), name)), wx: this.wx, getApp: () => this.app, ...globals };
    compileFunction(read(file), Object.keys(names), { filename: join(ROOT, file) })(...Object.values(names));
  }

  require(name) {
    if (!this.modules.has(name)) {
      const module = { exports: {} };
      this.run(`${name}.js`, { module, exports: module.exports });
      this.modules.set(name, module);
    }
    return this.modules.get(name).exports;
  }

  wx = {
    request: options => this.answer('request', options, () => this.request(options)),
    login: options => this.answer('login', options, () => this.login()),
    requestPayment: options => this.answer('requestPayment', options, () => this.requestPayment(options)),
    requestSubscribeMessage: options => {
      const { mayAsk } = this;
      this.answer('requestSubscribeMessage', options, () => this.requestSubscribeMessage(options, mayAsk));
    },
    navigateTo: options => this.answer('navigateTo', options, () => this.open(options.url)),
    navigateBack: (options = {}) =>
      this.answer('navigateBack', options, () => {
        if (this.pages.length < 2) throw new Error('cannot navigate back at first page');
        this.pages.pop();
      }),
    openBusinessView: options => this.answer('openBusinessView', options, () => this.openBusinessView(options)),
    showModal: options =>
      this.answer('showModal', options, () => {
        this.messages.push([options.title, options.content].filter(Boolean).join('：'));
        return { confirm: true, cancel: false };
      }),
    showToast: options =>
      this.answer('showToast', options, () => {
        this.messages.push(options.title);
      }),
    stopPullDownRefresh: () => {},
    getStorageSync: key => this.storage.get(key) ?? '',
    setStorageSync: (key, value) => void this.storage.set(key, value),
    removeStorageSync: key => void this.storage.delete(key),
  };

  /** Calls `success` or `fail` and then `complete`. Like `wx`, it never calls them synchronously. */
  answer(name, { success, fail, complete }, work) {
    Promise.resolve()
      .then(work)
      .then(
        result => [success, { errMsg: `${name}:ok`, ...result }],
        error => [fail, { errMsg: `${name}:fail ${error.message}` }],
      )
      .then(([callback, result]) => {
        const call = () => {
          callback?.(result);
          complete?.(result);
        };
        if (name === 'requestPayment') this.inGesture(call);
        else call();
      });
  }

  async request({ url, method = 'GET', data, header = {} }) {
    // WeChat allows only the servers of the mini program's configuration
    if (!url.startsWith(`${this.shopName}/`)) throw new Error(`url not in domain list: ${url}`);
    const path = url.slice(this.shopName.length);
    this.requests.push(`${method} ${path}`);
    const response = await fetch(this.addresses.shop + path, {
      method,
      headers: { 'content-type': 'application/json', ...header },
      body: method === 'GET' ? undefined : JSON.stringify(data),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    let parsed = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // wx.request returns a body that is not JSON as text
    }
    return { statusCode: response.status, data: parsed, header: Object.fromEntries(response.headers) };
  }

  async login() {
    const { code } = await this.control('miniprogram', { openid: this.user.openid });
    return { code };
  }

  /** What the user does in WeChat's component: success (the receipt is confirmed) or cancel. */
  receiptOutcome = 'success';

  /** The component opens above the page and closes again. WeChat tells the app first, then the page. */
  async openBusinessView({ businessType, extraData }) {
    assert.equal(businessType, 'weappOrderConfirm');
    this.views.push(extraData);
    const status = this.receiptOutcome;
    if (status === 'success') await this.confirmAtWechat?.(extraData);
    // the component closes after openBusinessView has called success
    this.closed = new Promise(resolve => setTimeout(resolve, 5)).then(async () => {
      this.app.onShow({ referrerInfo: { appId: 'wx1183b055aeec94d1', extraData: { status } } });
      await this.page.onShow?.();
    });
  }

  /** Sends the parameters to the simulator, which verifies them. Then the payment sheet gets its outcome. */
  async requestPayment(options) {
    const parameters = {};
    for (const name of ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign']) {
      if (typeof options[name] !== 'string') throw new Error(`parameter error: parameter.${name} should be String`);
      parameters[name] = options[name];
    }
    const page = encodeURIComponent(`/${this.page.route}?${new URLSearchParams(parameters)}`);
    const answer = await fetch(`${this.addresses.phone}/_phone/miniprogram?url=${page}`, {
      headers: { cookie: `phone_user=${this.user.openid}` },
      signal: AbortSignal.timeout(10_000),
    });
    const html = await answer.text();
    const amount = /id="wechat-pay-amount">([^<]*)/.exec(html)?.[1];
    const refusal = /id="wechat-alert-text">([^<]*)/.exec(html)?.[1];
    const payment = { prepay_id: parameters.package.replace('prepay_id=', ''), amount, ended: `fail ${refusal}` };
    this.payments.push(payment);
    if (!amount) throw new Error(refusal ?? 'the simulator shows no payment sheet');
    const outcome = typeof this.paymentOutcome === 'function' ? await this.paymentOutcome() : this.paymentOutcome;
    await this.control('pay', { prepay_id: payment.prepay_id, outcome });
    payment.ended = outcome;
    if (outcome === 'cancel') throw new Error('cancel');
    if (outcome === 'fail') throw new Error('(payment failed)');
  }

  /** Shows the titles of the templates, as the simulator knows them, and stores the user's answer there. */
  async requestSubscribeMessage({ tmplIds }, mayAsk) {
    const question = { templates: tmplIds, ended: 'fail' };
    this.questions.push(question);
    if (!mayAsk) throw new Error('can only be invoked by user TAP gesture.');
    const page = encodeURIComponent(`/${this.page.route}?tmplIds=${tmplIds.join(',')}`);
    const headers = { cookie: `phone_user=${this.user.openid}`, 'content-type': 'application/json' };
    const options = { headers, signal: AbortSignal.timeout(10_000) };
    const html = await (await fetch(`${this.addresses.phone}/_phone/miniprogram?url=${page}`, options)).text();
    const refusal = /id="wechat-subscribe-error">([^<]*)/.exec(html)?.[1];
    if (refusal) throw new Error(refusal);
    assert(html.includes('wechat-subscribe-allow'), 'the simulator shows no question');
    const body = JSON.stringify({ templates: tmplIds, answer: this.consent, page: `/${this.page.route}` });
    const answer = await fetch(`${this.addresses.phone}/_phone/miniprogram/subscribe`, { ...options, method: 'POST', body });
    const { errMsg, ...answers } = await answer.json();
    question.ended = errMsg;
    return answers;
  }

  async control(path, body) {
    const response = await fetch(`${this.addresses.simulator}/_simulator/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`/_simulator/${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

function read(file) {
  return readFileSync(join(ROOT, file), 'utf8');
}

module.exports = { Phone };
