// wechatpay-axios-plugin without changes: a client of Pay V2 and V3. It verifies all four signature headers.

import './host-names.js';
import plugin from 'wechatpay-axios-plugin';
import { account } from './simulator.js';

export const { Aes, Formatter, Hash, Rsa, Transformer } = plugin;

/** The two keys that WeChat signs with: the platform certificate, or the WeChat Pay public key for newer merchants. */
export const MODES = {
  certificate: { [account.platform_serial]: account.platform_cert_pem },
  'public key': { [account.public_key_id]: account.public_key_pem },
};

export function client(mode = 'certificate', more = {}) {
  return new plugin.Wechatpay({
    mchid: account.mch_id,
    serial: account.merchant_serial,
    privateKey: account.merchant_private_key_pem,
    certs: MODES[mode],
    secret: account.api_v2_key,
    merchant: { cert: account.merchant_cert_pem, key: account.merchant_private_key_pem },
    // a merchant with a public key sends its id in each request
    headers: mode === 'certificate' ? {} : { 'Wechatpay-Serial': account.public_key_id },
    timeout: 10_000,
    ...more,
  });
}

/** Verifies and decrypts a V3 notification as the documentation of this library describes. */
export function read({ headers, body }, certs) {
  const [timestamp, nonce, serial, signature] = ['timestamp', 'nonce', 'serial', 'signature'].map(
    name => headers[`wechatpay-${name}`],
  );
  if (!(Math.abs(Formatter.timestamp() - timestamp) <= 300)) throw new Error('not fresh');
  if (!Object.hasOwn(certs, serial)) throw new Error('unknown serial');
  const text = body.toString();
  if (!Rsa.verify(Formatter.response(timestamp, nonce, text), signature, certs[serial])) {
    throw new Error('not signed by WeChat');
  }
  const message = JSON.parse(text);
  const { ciphertext, nonce: iv, associated_data } = message.resource;
  return { ...message, plain: JSON.parse(Aes.AesGcm.decrypt(ciphertext, account.api_v3_key, iv, associated_data)) };
}
