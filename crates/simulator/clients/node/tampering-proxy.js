// A proxy between a client and the simulator. It records a response and can send it again with a flipped bit.

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { routeWechatTo } from './host-names.js';
import { runFile } from './simulator.js';

const SIGNED = ['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial', 'wechatpay-signature'];

export class TamperingProxy {
  /** The response to all requests. If it is undefined, the proxy forwards requests. */
  answer;
  /** The last forwarded response. */
  #passed;
  #server;

  static async start() {
    const proxy = new TamperingProxy();
    proxy.#server = https.createServer(
      { key: runFile('proxy_key.pem'), cert: runFile('proxy_cert.pem') },
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

  /** Forwards this call and records its response. From now on every call gets this response. */
  async capture(call) {
    this.answer = undefined;
    routeWechatTo(this.#server.address().port);
    const result = await call();
    this.answer = this.#passed;
    return { result, answer: this.answer };
  }

  async #pass({ method, url, headers }, body) {
    const request = http.request(`${process.env.SIMULATOR_URL}${url}`, { method, headers });
    request.end(body);
    const [answer] = await once(request, 'response');
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    this.#passed = { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) };
    return this.#passed;
  }

  stop() {
    routeWechatTo();
    this.#server.closeAllConnections();
    return new Promise(resolve => this.#server.close(resolve));
  }
}

/** Yields one message for each byte, with one bit of this byte flipped. The bit changes from byte to byte. */
export function* flips({ status, headers, body }) {
  for (let at = 0; at < body.length; at++) {
    yield { what: `byte ${at} of the body`, message: { status, headers, body: flipped(body, at) } };
  }
  for (const name of SIGNED.filter(name => name in headers)) {
    const value = Buffer.from(headers[name], 'latin1');
    for (let at = 0; at < value.length; at++) {
      // HTTP forbids such bytes in a header
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

/** Whether two header values mean the same: two base64 texts can encode the same bytes. */
function same(name, value, other) {
  return name === 'wechatpay-signature' && Buffer.from(value, 'base64').equals(Buffer.from(other, 'base64'));
}
