// Writes the keys and certificates that openssl and the clients read as files.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { account } from './simulator.js';

const write = (name, text) => writeFileSync(join(process.env.CLIENTS_DIR, name), text, { mode: 0o600 });
write('merchant_cert.pem', account.merchant_cert_pem);
write('merchant_key.pem', account.merchant_private_key_pem);
write('mch_id', account.mch_id);
write('ca.pem', account.ca_pem);
