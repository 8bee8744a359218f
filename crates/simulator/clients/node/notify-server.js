// A server for the notifications of the simulator. The code of a client handles them.

import http from 'node:http';

export class NotifyServer {
  /** The received notifications: headers, body, and the response. */
  received = [];
  #server;

  /** `answer` gets a notification and returns the status and the body of the response. */
  static async start(answer) {
    const notifyServer = new NotifyServer();
    notifyServer.#server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const message = { headers: request.headers, body: Buffer.concat(chunks) };
      const [status, body] = await answer(message);
      notifyServer.received.push({ ...message, status, answered: body });
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
