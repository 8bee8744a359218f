import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Simulator } from './simulator';

const ROOT = resolve(__dirname, '../..');
const SERVER = join(ROOT, 'target/debug/server');
const START_WITHIN_MS = 40_000;
const STOP_WITHIN_MS = 20_000;

/** Variables for the shop. They override those of scripts/run.sh. `undefined` removes a variable. */
export type Environment = Record<string, string | undefined>;

/** Settings. A function may use the addresses of the world. */
export type Settings = Environment | ((world: World) => Environment);

/** Makes the shop query WeChat soon and often, so that a test does not wait 15 seconds for the first query. */
const QUICK: Environment = { SHOP_QUERY_INTERVALS_S: '1,1,2,2,3,3,5,5,5,10,10,20,30' };

const SUBJECTS = ['PAID', 'SHIPPED', 'REFUNDED', 'RETURN_AGREED', 'REFUND_DECLINED', 'EXPIRING'];

/** The templates of the official account, which scripts/run.sh sets. */
const TEMPLATES = SUBJECTS.map(subject => `WECHAT_TEMPLATE_${subject}`);

/** Without templates no page asks for messages: the pictures of the pages show the shop of a first start. */
const NO_MESSAGES: Environment = Object.fromEntries(TEMPLATES.map(name => [name, '']));

/** The shop tells shoppers about their orders, as scripts/run.sh configures it. */
export const WITH_MESSAGES: Environment = Object.fromEntries(TEMPLATES.map(name => [name, undefined]));

/** One run of scripts/run.sh with its own ports and its own folder: the simulated WeChat, the phone and the shop. */
export class World {
  /** The output of its processes. */
  log = '';
  private child: ChildProcess | undefined;
  private readonly dir = mkdtempSync(join(tmpdir(), 'xiaodian-'));

  private environment: Environment = {};

  private constructor(private readonly ports: number[]) {}

  static async start(settings: Settings = {}): Promise<World> {
    const missing = [SERVER, join(ROOT, 'target/debug/simulator'), join(ROOT, 'target/site/pkg')].find(
      path => !existsSync(path),
    );
    if (missing) throw new Error(`${missing} is missing: run \`make test\``);
    for (let tries = 0; ; tries++) {
      const world = new World(await freePorts(4));
      const environment = typeof settings === 'function' ? settings(world) : settings;
      world.environment = { ...QUICK, ...NO_MESSAGES, ...environment };
      try {
        await world.run();
        return world;
      } catch (error) {
        await world.stop();
        // another program took a port first
        if (tries === 2 || !/in use/i.test(world.log)) throw error;
      }
    }
  }

  get simulator(): Simulator {
    return new Simulator(`http://127.0.0.1:${this.ports[0]}`);
  }

  /** The address that shoppers open: SHOP_PUBLIC_URL. */
  get phone(): string {
    return `http://localhost:${this.ports[2]}`;
  }

  /** The shop's own address, without the phone. */
  get shop(): string {
    return `http://127.0.0.1:${this.ports[3]}`;
  }

  /** Starts the ended processes again, with the same ports and data. */
  async restart(environment: Environment = {}): Promise<void> {
    this.environment = { ...this.environment, ...environment };
    await this.run();
  }

  /** Sends a signal to the shop's server. After SIGKILL, waits until scripts/run.sh has ended. */
  async signalServer(signal: 'SIGSTOP' | 'SIGKILL'): Promise<void> {
    const child = this.child;
    const pid = child?.pid && childOf(child.pid, 'target/debug/server');
    if (!pid) throw new Error('the server does not run');
    process.kill(pid, signal);
    if (signal === 'SIGKILL') await ended(child, STOP_WITHIN_MS);
  }

  /** Runs `server jobs` with a clock that is this many seconds ahead. */
  async jobsIn(seconds: number): Promise<void> {
    const now = new Date(Date.now() + seconds * 1000).toISOString();
    const file = join(this.dir, 'shop.env');
    const { stderr } = await promisify(execFile)(SERVER, ['--env-file', file, 'jobs', '--now', now], {
      cwd: ROOT,
      env: this.variables(),
      timeout: 30_000,
    });
    this.log += stderr;
  }

  /** Runs a sub-command of the server. Returns its output. */
  async server(args: string[], input = ''): Promise<string> {
    const file = join(this.dir, 'shop.env');
    const ran = promisify(execFile)(SERVER, ['--env-file', file, ...args], {
      cwd: ROOT,
      env: this.variables(),
      timeout: 30_000,
    });
    ran.child.stdin?.end(input);
    return (await ran).stdout;
  }

  async stop(): Promise<void> {
    this.child?.kill('SIGTERM');
    if (this.child) await ended(this.child, STOP_WITHIN_MS);
    rmSync(this.dir, { recursive: true, force: true });
  }

  private variables(): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(([name]) => !/^(SHOP|WECHAT)_/.test(name));
    return { ...Object.fromEntries(own), ...this.environment };
  }

  private async run(): Promise<void> {
    const [simulator, tls, phone, shop] = this.ports.map(String);
    const child = spawn('bash', ['scripts/run.sh'], {
      cwd: ROOT,
      // its own process group: Ctrl-C must not end it before the tests end
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...this.variables(),
        SIMULATOR_PORT: simulator,
        TLS_PORT: tls,
        PHONE_PORT: phone,
        SHOP_PORT: shop,
        RUN_DIR: this.dir,
        // each test makes its own orders
        DEMO: '0',
        NO_COLOR: '1',
      },
    });
    this.child = child;
    const from = this.log.length;
    const ready = new Promise<void>((resolve, reject) => {
      const hear = (text: Buffer) => {
        this.log += text;
        if (this.log.includes('Ctrl-C ends both', from)) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', () => reject(new Error(`scripts/run.sh has ended:\n${this.log}`)));
    });
    ready.catch(() => {});
    await within(ready, START_WITHIN_MS, () => `scripts/run.sh is not ready:\n${this.log}`);
  }
}

/** Waits for the end of scripts/run.sh. After the time limit, kills its process group. */
async function ended(child: ChildProcess, limitMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>(resolve => child.once('exit', () => resolve()));
  await within(exit, limitMs, () => 'scripts/run.sh does not end').catch(error => {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
    throw error;
  });
}

async function within<T>(promise: Promise<T>, ms: number, message: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Free ports. It opens all of them before it closes the first, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<Server>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map(server => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** The child of a process whose command starts with this name. */
function childOf(parent: number, name: string): number | undefined {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return ''; // the process has ended
    }
  };
  const found = readdirSync('/proc').find(pid => {
    // "pid (name) state parent …": the name may contain any character
    const afterName = /^\d+$/.test(pid) ? read(pid, 'stat').split(') ').pop() : undefined;
    return afterName?.split(' ')[1] === String(parent) && read(pid, 'cmdline').startsWith(name);
  });
  return found === undefined ? undefined : Number(found);
}
