/**
 * OpenClaw's gateway as it comes from npm, headless on loopback, with a home of its own and a model of the
 * test's.
 *
 * @module
 */
import { eventually } from "../e2e/eventually.ts";
import { freePort } from "../e2e/ports.ts";
import type { FakeModel } from "./fake_model.ts";
import { installedIn, namedFolder } from "./install.ts";

/** What the owner has set beside what every gateway here has. */
export interface GatewayOptions {
  /** Whether its A2A channel is on. */
  readonly a2a?: boolean;
  /** Further settings of `hooks`. */
  readonly hooks?: Readonly<Record<string, unknown>>;
}

/** How long it may take to start, in milliseconds; usually 10 s, on a busy machine more. */
const PATIENCE = 90_000;

/** How long it may take to stop, in milliseconds; by itself it would wait minutes for runs under way. */
const LAST_PATIENCE = 15_000;

/** A gateway. Dispose of it: its process ends, its home goes. */
export class RealOpenClaw implements AsyncDisposable {
  /** Its token for hooks. */
  readonly hooksToken = "hook-secret-0123456789abcdef";
  /** Its token for the peer `mesh` of its A2A channel. */
  readonly a2aToken = "a2a-peer-token-0123456789abcdef";
  readonly #port = freePort();
  readonly #home: string;
  #log = "";
  #child: Deno.ChildProcess | undefined;
  #read: Promise<unknown> | undefined;

  private constructor(home: string) {
    this.#home = home;
  }

  /**
   * Starts one, and waits until it takes requests.
   *
   * @param model What its agent thinks with.
   * @param options What is set.
   * @returns The gateway.
   */
  static async start(model: FakeModel, options: GatewayOptions = {}): Promise<RealOpenClaw> {
    const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "mesh-openclaw-" }));
    const gateway = new RealOpenClaw(home);
    try {
      for (const folder of ["state", "tmp"]) await Deno.mkdir(`${home}/${folder}`);
      await Deno.writeTextFile(gateway.#config, JSON.stringify(gateway.#settings(model, options)));
      await gateway.up();
      return gateway;
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Its base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Its runs that a hook began and that have ended, a line each. */
  get hookRuns(): string[] {
    return this.#log.split("\n").filter((line) => line.includes("hook agent run completed"));
  }

  /** Starts it. */
  async up(): Promise<void> {
    const { node, program } = installedIn(namedFolder() ?? "");
    const child = this.#child = new Deno.Command(node, {
      args: [program, "gateway", "run"],
      clearEnv: true,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: this.#home,
        TMPDIR: `${this.#home}/tmp`,
        OPENCLAW_STATE_DIR: `${this.#home}/state`,
        OPENCLAW_CONFIG_PATH: this.#config,
        OPENCLAW_NO_AUTO_UPDATE: "1",
        OPENCLAW_DISABLE_BONJOUR: "1",
        // Or it starts itself once more, and a signal reaches the wrong one.
        OPENCLAW_NO_RESPAWN: "1",
        NO_COLOR: "1",
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let over = false;
    child.status.then(() => over = true);
    this.#read = Promise.all([this.#follow(child.stdout), this.#follow(child.stderr)]);
    await eventually("a ready OpenClaw", async () => {
      if (over) throw new Error(`OpenClaw does not start:\n${this.#log}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      return (await answer?.text())?.includes(`"ready":true`);
    }, PATIENCE);
  }

  /** Ends it, and waits until it has. */
  async down(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    const signalled = (name: Deno.Signal) => {
      try {
        child.kill(name);
      } catch (error) {
        // It ended by itself.
        if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
      }
    };
    signalled(signal);
    const late = setTimeout(() => signalled("SIGKILL"), LAST_PATIENCE);
    await child.status;
    clearTimeout(late);
    await this.#read;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await Deno.remove(this.#home, { recursive: true });
  }

  get #config(): string {
    return `${this.#home}/openclaw.json`;
  }

  #settings(model: FakeModel, { a2a, hooks }: GatewayOptions): unknown {
    const mock = {
      ...{ id: "mock", name: "Mock", reasoning: false, input: ["text"] },
      ...{ contextWindow: 128_000, maxTokens: 4096 },
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    };
    const provider = {
      ...{ baseUrl: model.url, apiKey: "sk-local", api: "openai-completions" },
      models: [mock],
    };
    return {
      gateway: {
        ...{ mode: "local", bind: "loopback", port: this.#port },
        auth: { mode: "token", token: "gateway-token-0123456789abcdef" },
      },
      hooks: { enabled: true, token: this.hooksToken, path: "/hooks", ...hooks },
      ...(a2a
        ? { channels: { a2a: { enabled: true, peers: { mesh: { token: this.a2aToken } } } } }
        : {}),
      models: { providers: { local: provider } },
      agents: { defaults: { model: { primary: "local/mock" } } },
      // Else it is a file in the system's temporary folder, shared by all.
      logging: { file: `${this.#home}/openclaw.log` },
    };
  }

  async #follow(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.#log += decoder.decode(chunk, { stream: true });
  }
}
