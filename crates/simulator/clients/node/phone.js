// What WeChat's client on the phone says to a page's calls, without a page.

import { account } from './simulator.js';

/** A page of the shop, as registered for the account. */
export const page = account.registered.pay_directories[0];

async function bridge(name, args, url = page) {
  const response = await fetch(`${process.env.SIMULATOR_PHONE_URL}/_phone/bridge`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, args, document: url, url, entry_url: url }),
  });
  return response.json();
}

/** The payment sheet for these parameters, or the words of the refusal. */
export async function sheet(parameters) {
  const { sheet, alert } = await bridge('getBrandWCPayRequest', parameters);
  return sheet ?? alert;
}

/** What `wx.config` with these parameters gives on this page. */
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
