// wechatpay-axios-plugin, unmodified: a client of Pay V2 and V3 that verifies all four headers of an answer.

import './host-names.js';
import plugin from 'wechatpay-axios-plugin';
import { account } from './simulator.js';

export const { Aes, Formatter, Hash, Rsa, Transformer } = plugin;

/** How WeChat signs for the merchant: with its certificate, or with the public key of newer merchants. */
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
    // a merchant with a public key names it in each request
    headers: mode === 'certificate' ? {} : { 'Wechatpay-Serial': account.public_key_id },
    timeout: 10_000,
    ...more,
  });
}

/** A V3 notification as the documents of this library read it: verified, then decrypted. */
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
