// Connects WeChat's host names to the simulator and refuses all other names. The clients keep their URLs, agents and
// certificates: only the address of the socket changes.

import http from 'node:http';
import https from 'node:https';

const SIMULATOR = Number(new URL(process.env.SIMULATOR_TLS_URL).port);
const WECHAT = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com', 'api.weixin.qq.com'];
const ports = new Map(WECHAT.map(name => [name, SIMULATOR]));

const connect = https.Agent.prototype.createConnection;
https.Agent.prototype.createConnection = function (options, ...rest) {
  const name = options.servername || options.host;
  const port = ports.get(name);
  if (port === undefined) throw new Error(`${name} is not a host name of WeChat`);
  return connect.call(this, { ...options, host: '127.0.0.1', port, servername: name }, ...rest);
};
const plain = http.Agent.prototype.createConnection;
http.Agent.prototype.createConnection = function (options, ...rest) {
  if (!['127.0.0.1', 'localhost'].includes(options.host)) throw new Error(`${options.host} without TLS`);
  return plain.call(this, options, ...rest);
};

/** Connects WeChat's host names to this port from now on. The default is the simulator. */
export function routeWechatTo(port = SIMULATOR) {
  for (const name of WECHAT) ports.set(name, port);
  // closes idle sockets to the old port
  https.globalAgent.destroy();
}
