// Places orders with V3, pays them, and waits for their notifications. Usage: node wechat-load.cjs URL ORDERS CALLERS
// Prints the orders a minute.

const crypto = require('node:crypto');
const http = require('node:http');

const [url, count, callers] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const agent = new http.Agent({ keepAlive: true, maxSockets: callers });

function call(method, path, body = '', headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url + path, { method, agent, headers }, answer => {
      const parts = [];
      answer.on('data', part => parts.push(part)).on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode !== 200) reject(new Error(`${path}: ${answer.statusCode} ${text}`));
        else resolve(JSON.parse(text));
      });
    });
    request.on('error', reject).end(body);
  });
}

async function main() {
  let notified = 0;
  const shop = http.createServer((request, response) => {
    request.resume().on('end', () => { notified += 1; response.writeHead(204).end(); });
  });
  await new Promise(resolve => shop.listen(0, '127.0.0.1', resolve));
  const notifyUrl = `http://127.0.0.1:${shop.address().port}/notify`;
  const account = await call('GET', '/_simulator/account');
  const key = crypto.createPrivateKey(account.merchant_private_key_pem);
  const path = '/v3/pay/transactions/native', run = process.pid;

  async function order(number) {
    const body = JSON.stringify({
      appid: account.appid, mchid: account.mch_id, description: 'tea', out_trade_no: `b${run}n${number}`,
      notify_url: notifyUrl, amount: { total: 100 },
    });
    const time = Math.floor(Date.now() / 1000), nonce = crypto.randomBytes(16).toString('hex');
    const signature = crypto.sign('sha256', Buffer.from(`POST\n${path}\n${time}\n${nonce}\n${body}\n`), key).toString('base64');
    await call('POST', path, body, {
      accept: 'application/json', 'user-agent': 'bench', 'content-type': 'application/json',
      authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${account.mch_id}",nonce_str="${nonce}",signature="${signature}",` +
        `timestamp="${time}",serial_no="${account.merchant_serial}"`,
    });
    await call('POST', '/_simulator/pay', JSON.stringify({ out_trade_no: `b${run}n${number}`, outcome: 'ok' }));
  }

  const begun = process.hrtime.bigint();
  let next = 0;
  await Promise.all(Array.from({ length: callers }, async () => { while (next < count) await order(next++); }));
  while (notified < count) await new Promise(resolve => setTimeout(resolve, 5));
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  console.log(Math.round(count / seconds * 60));
  process.exit(0);
}

main().catch(error => { console.error(error); process.exit(1); });
