// Calls the bridge of the simulated phone without a page.

import { account } from './simulator.js';

/** The URL of a page in a registered payment directory. */
export const page = account.registered.pay_directories[0];

async function bridge(name, args, url = page) {
  const response = await fetch(`${process.env.SIMULATOR_PHONE_URL}/_phone/bridge`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, args, document: url, url, entry_url: url }),
  });
  return response.json();
}

/** Returns the payment sheet for these parameters, or the text of the refusal. */
export async function sheet(parameters) {
  const { sheet, alert } = await bridge('getBrandWCPayRequest', parameters);
  return sheet ?? alert;
}

/** Returns the result of `wx.config` with these parameters on this page. */
export async function config({ appId, timestamp, nonceStr, signature, jsApiList }, url) {
  const { reply } = await bridge(
    'preVerifyJSAPI',
    {
      verifyJsApiList: jsApiList,
      verifyAppId: appId,
      verifySignType: 'sha1',
      verifyTimestamp: `${timestamp}`,
      verifyNonceStr: nonceStr,
      verifySignature: signature,
    },
    url,
  );
  return reply.err_msg;
}
