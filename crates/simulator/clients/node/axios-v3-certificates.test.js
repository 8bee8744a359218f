import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { Aes, client, Formatter, Rsa } from './axios.js';
import { account, control, resetSimulator } from './simulator.js';

beforeEach(resetSimulator);
afterEach(resetSimulator);

const decrypted = ({ encrypt_certificate: { ciphertext, nonce, associated_data } }) =>
  Aes.AesGcm.decrypt(ciphertext, account.api_v3_key, nonce, associated_data);

test('the certificates are downloaded and decrypted', async () => {
  const { data: { data } } = await client().v3.certificates.get();
  const pem = decrypted(data.find(({ serial_no }) => serial_no === account.platform_serial));
  assert.equal(pem.trim(), account.platform_cert_pem.trim());
  assert.equal(new X509Certificate(pem).serialNumber, account.platform_serial);
});

// without certificates, as at the first start: the response is saved and then verified with the certificate in it
test('the first certificate verifies its own response', async () => {
  const { headers, data: text } = await client().v3.certificates.get({ transformResponse: [] });
  const serial = headers['wechatpay-serial'];
  const certificate = decrypted(JSON.parse(text).data.find(({ serial_no }) => serial_no === serial));
  const message = Formatter.response(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], text);
  assert.ok(Rsa.verify(message, headers['wechatpay-signature'], certificate));
});

test('a merchant with a public key has no certificates', async () => {
  await control('account', { platform_keys: 'public_key' });
  await assert.rejects(
    client('public key').v3.certificates.get(),
    ({ response }) => response.status === 404 && response.data.code === 'RESOURCE_NOT_EXISTS',
  );
});
