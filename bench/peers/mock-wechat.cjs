// A mock of WeChat Pay V3 as teams write it in Node: it checks signatures, keeps orders, and notifies. `bench/simulator.sh`
// compares the simulator with it. Usage: node mock-wechat.cjs PORT

const crypto = require('node:crypto');
const http = require('node:http');

const pair = () => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const merchant = pair(), platform = pair();
const MCH_ID = '1900000109', APPID = 'wx5d1a0e4c7b2f9638', KEY = 'Xiaodian0Simulator1ApiV3Key23456', SERIAL = 'A1';
const orders = new Map();
const agent = new http.Agent({ keepAlive: true });

const signed = (key, ...lines) => crypto.sign('sha256', Buffer.from(lines.join('\n') + '\n'), key).toString('base64');

function headers(body) {
  const time = String(Math.floor(Date.now() / 1000)), nonce = crypto.randomBytes(16).toString('hex');
  return {
    'content-type': 'application/json', 'wechatpay-timestamp': time, 'wechatpay-nonce': nonce,
    'wechatpay-serial': SERIAL, 'wechatpay-signature': signed(platform.privateKey, time, nonce, body),
  };
}

function notify(order) {
  const nonce = crypto.randomBytes(6).toString('hex');
  const cipher = crypto.createCipheriv('aes-256-gcm', KEY, nonce);
  cipher.setAAD(Buffer.from('transaction'));
  const plain = JSON.stringify({ ...order, trade_state: 'SUCCESS', transaction_id: order.transaction_id });
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
  const body = JSON.stringify({
    id: crypto.randomUUID(), event_type: 'TRANSACTION.SUCCESS', resource_type: 'encrypt-resource',
    resource: { algorithm: 'AEAD_AES_256_GCM', ciphertext, nonce, associated_data: 'transaction' },
  });
  const request = http.request(order.notify_url, { method: 'POST', agent, headers: headers(body) }, answer => answer.resume());
  request.on('error', () => {});
  request.end(body);
}

function answer(request, body) {
  if (request.url === '/_simulator/ready') return { ready: true };
  if (request.url === '/_simulator/account') {
    return {
      appid: APPID, mch_id: MCH_ID, merchant_serial: 'B1',
      merchant_private_key_pem: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
  }
  if (request.url === '/_simulator/pay') {
    const order = orders.get(JSON.parse(body).out_trade_no);
    order.transaction_id = '42' + crypto.randomInt(1e12);
    notify(order);
    return { trade_state: 'SUCCESS' };
  }
  const value = name => request.headers.authorization.match(new RegExp(`${name}="([^"]*)"`))[1];
  const text = [request.method, request.url, value('timestamp'), value('nonce_str'), body].join('\n') + '\n';
  if (!crypto.verify('sha256', Buffer.from(text), merchant.publicKey, Buffer.from(value('signature'), 'base64'))) return null;
  const order = JSON.parse(body);
  orders.set(order.out_trade_no, order);
  return { code_url: `weixin://wxpay/bizpayurl?pr=${crypto.randomBytes(4).toString('hex')}` };
}

http.createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part)).on('end', () => {
    const found = answer(request, Buffer.concat(parts).toString());
    const body = JSON.stringify(found ?? { code: 'SIGN_ERROR' });
    response.writeHead(found ? 200 : 401, headers(body)).end(body);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
