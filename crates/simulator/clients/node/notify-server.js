// Where WeChat's notifications arrive: a server of a few lines around what a client offers for them.

import http from 'node:http';

export class NotifyServer {
  /** What has arrived: headers, body, and what was answered. */
  mail = [];
  #server;

  /** `answer` is given a message and says the status and the body of the answer. */
  static async start(answer) {
    const notifyServer = new NotifyServer();
    notifyServer.#server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const message = { headers: request.headers, body: Buffer.concat(chunks) };
      const [status, body] = await answer(message);
      notifyServer.mail.push({ ...message, status, answered: body });
      response.writeHead(status).end(body);
    });
    await new Promise(resolve => notifyServer.#server.listen(0, '127.0.0.1', resolve));
    return notifyServer;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/notify`;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise(resolve => this.#server.close(resolve));
  }
}
