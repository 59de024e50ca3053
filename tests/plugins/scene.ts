/**
 * A gateway with one real plugin and an agent, on a state directory of its own.
 *
 * @module
 */
import { parseOcgConfig } from "../../lib/ocg/config.ts";
import { OcgGateway } from "../../lib/ocg/gateway.ts";
import { installedPlugins, pluginFactories } from "../../lib/ocg/plugins/registry.ts";
import { findRuntime, type HostRuntime } from "../../lib/ocg/plugins/runtime.ts";
import { openOcgState } from "../../lib/ocg/state.ts";
import { eventually } from "../e2e/eventually.ts";
import { namedFolder } from "./folder.ts";

/** Milliseconds in which everything happens, on a busy machine too. */
export const LONG = 120_000;

/** What a gateway needs beside its plugin. */
export interface SceneOptions {
  /** The channel. */
  readonly channel: string;
  /** The account's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Modules that are loaded before the host. */
  readonly before?: readonly string[];
}

/**
 * Makes a state directory with what is installed in the folder of the real plugins.
 *
 * @returns The state directory.
 */
export async function stateDirectory(): Promise<string> {
  const from = `${namedFolder()}/ocg/plugins`;
  const root = await Deno.makeTempDir({ prefix: "mesh-plugins-" });
  await Deno.mkdir(`${root}/ocg/plugins/installed`, { recursive: true });
  for (const name of ["openclaw", "node"]) {
    await Deno.symlink(`${from}/${name}`, `${root}/ocg/plugins/${name}`);
  }
  for await (const { name } of Deno.readDir(`${from}/installed`)) {
    await Deno.copyFile(`${from}/installed/${name}`, `${root}/ocg/plugins/installed/${name}`);
  }
  return root;
}

/**
 * What runs the plugins.
 *
 * @param root The state directory.
 * @param before Modules that are loaded before the host.
 * @returns Node, which is installed beside them if the machine has none.
 */
export async function runtimeFor(
  root: string,
  before: readonly string[] = [],
): Promise<HostRuntime> {
  const [plugin] = await installedPlugins(root);
  const runtime = await findRuntime(root, { node: plugin?.openclaw.node ?? "*" });
  const imports = before.flatMap((url) => ["--import", url]);
  return { ...runtime, args: [...runtime.args, ...imports] };
}

/** A gateway that runs. */
export class Scene implements AsyncDisposable {
  /** What the agent was asked. */
  readonly asked: string[] = [];
  /** What the plugin said. */
  readonly lines: string[] = [];
  /** What the agent answers; later, if it is a promise. */
  answer: (question: string) => string | Promise<string> = (question) => `You said: ${question}`;
  readonly #agent: Deno.HttpServer<Deno.NetAddr>;
  readonly #root: string;
  readonly #options: SceneOptions;
  #gateway: OcgGateway | undefined;
  #close: () => void = () => {};

  private constructor(root: string, options: SceneOptions) {
    this.#root = root;
    this.#options = options;
    const listen = { port: 0, hostname: "127.0.0.1", onListen() {} };
    this.#agent = Deno.serve(listen, async (request) => {
      const { messages } = await request.json();
      const question = String(messages.at(-1)?.content);
      this.asked.push(question);
      const content = await this.answer(question);
      const message = { role: "assistant", content };
      return Response.json({ choices: [{ index: 0, message, finish_reason: "stop" }] });
    });
  }

  /**
   * Starts a gateway, and waits until its plugin is connected.
   *
   * @param root The state directory.
   * @param options What it needs.
   */
  static async set(root: string, options: SceneOptions): Promise<Scene> {
    const scene = new Scene(root, options);
    await scene.up();
    return scene;
  }

  /** The gateway. */
  get gateway(): OcgGateway {
    if (!this.#gateway) throw new Error("The gateway does not run");
    return this.#gateway;
  }

  /** Starts the gateway. */
  async up(): Promise<void> {
    const { channel, settings = {}, before } = this.#options;
    const state = openOcgState(this.#root);
    const { config } = parseOcgConfig(JSON.stringify({
      agentUrl: `http://127.0.0.1:${this.#agent.addr.port}/v1/chat/completions`,
      allowFrom: ["*"],
      channels: { [channel]: settings },
    }));
    const env = (name: string) => Deno.env.get(name);
    const runtime = await runtimeFor(this.#root, before);
    const onEvent = ({ line }: { line: string }) => void this.lines.push(line);
    const factories = await pluginFactories(this.#root, { env, onEvent, runtime });
    this.#close = () => state[Symbol.dispose]();
    this.#gateway = new OcgGateway({ state, config, env: () => undefined, factories });
    await this.#gateway.start();
    await eventually("the plugin is connected", () => {
      const { state: is, error } = this.gateway.status()[0]?.status ?? {};
      if (is === "failed") throw new Error(error);
      return is === "running";
    }, LONG);
  }

  /** Ends the gateway. */
  async down(): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = undefined;
    this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await this.#agent.shutdown();
    await Deno.remove(this.#root, { recursive: true });
  }
}
