// One who stands between a client and WeChat: takes what WeChat answers once, and gives it again with a bit flipped.

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { lead } from './host-names.js';
import { made } from './simulator.js';

const SIGNED = ['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial', 'wechatpay-signature'];

export class TamperingProxy {
  /** The answer that everybody gets; without one, what is asked is passed on. */
  answer;
  /** The last answer that was passed on. */
  #passed;
  #server;

  static async start() {
    const proxy = new TamperingProxy();
    proxy.#server = https.createServer(
      { key: made('proxy_key.pem'), cert: made('proxy_cert.pem') },
      async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        const { status, headers, body } = proxy.answer ?? (await proxy.#pass(request, Buffer.concat(chunks)));
        response.writeHead(status, { ...headers, 'content-length': body.length, connection: 'close' }).end(body);
      },
    );
    await new Promise(resolve => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** What WeChat answers to this call, which from now on is the answer to every call. */
  async capture(call) {
    this.answer = undefined;
    lead(this.#server.address().port);
    const said = await call();
    this.answer = this.#passed;
    return { said, answer: this.answer };
  }

  async #pass({ method, url, headers }, body) {
    const asked = http.request(`${process.env.SIMULATOR_URL}${url}`, { method, headers });
    asked.end(body);
    const [answer] = await once(asked, 'response');
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    this.#passed = { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) };
    return this.#passed;
  }

  stop() {
    lead();
    this.#server.closeAllConnections();
    return new Promise(resolve => this.#server.close(resolve));
  }
}

/** The message with one bit of each of its bytes flipped, one message after the other; every bit has its turn. */
export function* flips({ status, headers, body }) {
  for (let at = 0; at < body.length; at++) {
    yield { what: `byte ${at} of the body`, message: { status, headers, body: flipped(body, at) } };
  }
  for (const name of SIGNED.filter(name => name in headers)) {
    const value = Buffer.from(headers[name], 'latin1');
    for (let at = 0; at < value.length; at++) {
      // what no header may have is refused by HTTP itself
      const other = flipped(value, at, byte => byte > 0x20 && byte < 0x7f).toString('latin1');
      if (same(name, headers[name], other)) continue;
      yield { what: `byte ${at} of ${name}`, message: { status, headers: { ...headers, [name]: other }, body } };
    }
  }
}

export function flipped(bytes, at, fits = () => true) {
  for (let bit = at; ; bit++) {
    const other = Buffer.from(bytes);
    other[at] ^= 1 << bit % 8;
    if (fits(other[at])) return other;
  }
}

/** Whether a header means the same as before: another spelling of the same base64 is no forgery. */
function same(name, value, other) {
  return name === 'wechatpay-signature' && Buffer.from(value, 'base64').equals(Buffer.from(other, 'base64'));
}
