// tenpay without changes: a client of Pay V2.

import './host-names.js';
import tenpay from 'tenpay';
import { account, runFile } from './simulator.js';

export const SIGN_TYPES = ['MD5', 'HMAC-SHA256'];

export function client(more = {}) {
  return new tenpay({
    appid: account.appid,
    mchid: account.mch_id,
    partnerKey: account.api_v2_key,
    pfx: runFile('merchant.p12'),
    notify_url: 'http://127.0.0.1:9/notify',
    spbill_create_ip: '127.0.0.1',
    ...more,
  });
}

/** Calls the library's Express middleware for notifications without Express. Returns status and body. */
export function receiver(api, kind, accepted) {
  const middleware = api.middlewareForExpress(kind);
  return ({ body }) =>
    new Promise(resolve => {
      const request = { body: body.toString() };
      const response = { header() {}, send: text => resolve([200, text]) };
      middleware(request, response, () => {
        accepted.push(request.weixin);
        response.reply();
      });
    });
}
