// WeChat's host names lead to this machine, and no other name leads anywhere. Clients keep their own addresses, agents
// and certificates; only the socket below them goes elsewhere.

import http from 'node:http';
import https from 'node:https';

const SIMULATOR = Number(new URL(process.env.SIMULATOR_TLS_URL).port);
const WECHAT = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com', 'api.weixin.qq.com'];
const ports = new Map(WECHAT.map(name => [name, SIMULATOR]));

const connect = https.Agent.prototype.createConnection;
https.Agent.prototype.createConnection = function (options, ...rest) {
  const name = options.servername || options.host;
  const port = ports.get(name);
  if (port === undefined) throw new Error(`${name} is not a name of WeChat's`);
  return connect.call(this, { ...options, host: '127.0.0.1', port, servername: name }, ...rest);
};
const plain = http.Agent.prototype.createConnection;
http.Agent.prototype.createConnection = function (options, ...rest) {
  if (!['127.0.0.1', 'localhost'].includes(options.host)) throw new Error(`${options.host} without TLS`);
  return plain.call(this, options, ...rest);
};

/** From now on these names lead to another port; without one, to the simulator again. */
export function lead(port = SIMULATOR) {
  for (const name of WECHAT) ports.set(name, port);
  // sockets that are kept alive lead where they led
  https.globalAgent.destroy();
}
