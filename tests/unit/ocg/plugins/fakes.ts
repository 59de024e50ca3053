/**
 * Plugins that are installed without npm, and the platform that they bring messages from.
 *
 * @module
 */
import type { ChannelStatus, ChatMessage } from "../../../../lib/ocg/channel.ts";
import type { Environment } from "../../../../lib/ocg/config_file.ts";
import {
  type InstalledPlugin,
  installedRecords,
  packagesOf,
} from "../../../../lib/ocg/plugins/installed.ts";
import {
  PluginChannel,
  type PluginChannelOptions,
} from "../../../../lib/ocg/plugins/plugin_channel.ts";
import { denoRuntime } from "../../../../lib/ocg/plugins/runtime.ts";

const PACKAGES = new URL("./packages/", import.meta.url);

/** The modules of the OpenClaw that the plugins use. */
export const SDK: Readonly<Record<string, string>> = {
  "greeting.js": 'export const greeting = "hello from";',
  "channel-inbound.js": 'export const untouched = "untouched";\n' +
    'export const dispatchChannelInboundTurn = () => { throw new Error("the real one"); };',
};

/**
 * Writes what npm would install.
 *
 * @param root The state directory.
 * @param entry The file of `packages/` that is the plugin.
 * @returns Its record, which is on disk as well.
 */
export async function installFake(root: string, entry: string): Promise<InstalledPlugin> {
  const plugin: InstalledPlugin = {
    channel: "fake",
    label: "Fake Chat",
    package: "@fake/plugin",
    version: "1.0.0",
    integrity: "sha512-fake",
    openclaw: { version: "2026.9.6", integrity: "sha512-fake", node: ">=1" },
    maxLength: 1234,
    media: false,
    qrLogin: true,
    installedAt: new Date().toISOString(),
  };
  const { folder, openclaw } = packagesOf(root, plugin);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/index.js`, await Deno.readTextFile(new URL(entry, PACKAGES)));
  await writeJson(`${folder}/package.json`, {
    ...{ name: plugin.package, version: plugin.version, type: "module" },
    openclaw: { runtimeExtensions: ["./index.js"], channel: { id: "fake", label: "Fake Chat" } },
  });
  await Deno.mkdir(`${openclaw}/dist`, { recursive: true });
  for (const [name, text] of Object.entries(SDK)) {
    await Deno.writeTextFile(`${openclaw}/dist/${name}`, text);
  }
  await writeJson(`${openclaw}/package.json`, {
    ...{ name: "openclaw", version: "2026.9.6", type: "module" },
    exports: { "./plugin-sdk/*": "./dist/*.js" },
  });
  await installedRecords(root).put(plugin.channel, plugin);
  return plugin;
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value));
}

/** A message on the platform. */
export interface Posted {
  id: string;
  from: string;
  text: string;
  name?: string;
  chat?: string;
  mentioned?: boolean;
}

/** A platform that lives in the test. */
export class FakePlatform implements AsyncDisposable {
  /** What was said to people. */
  readonly sent: { to: string; text: string; replyToId?: string }[] = [];
  /** The ids of the messages that the plugin has heard are safe. */
  readonly confirmed: string[] = [];
  readonly #unread: Posted[] = [];
  readonly #answers = new Set<Promise<Response>>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
    this.#server = Deno.serve(options, (request) => {
      const answer = this.#answer(request);
      this.#answers.add(answer);
      return answer.finally(() => this.#answers.delete(answer));
    });
  }

  /** Its base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Somebody writes. */
  post(message: Posted): void {
    this.#unread.push(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    // Those whose asker is gone are not waited for by the server.
    await Promise.allSettled(this.#answers);
  }

  async #answer(request: Request): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case "/updates": {
        const end = performance.now() + 100;
        while (this.#unread.length === 0 && performance.now() < end) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return Response.json(this.#unread.splice(0));
      }
      case "/send":
        return new Response(`m${this.sent.push(await request.json())}`);
      default:
        this.confirmed.push(await request.text());
        return new Response();
    }
  }
}

/** What a channel tells, kept. */
export class Listener {
  readonly messages: ChatMessage[] = [];
  readonly statuses: ChannelStatus[] = [];
  readonly lines: string[] = [];
  /** Fails for as long as it is set. */
  failing = false;

  onMessage(message: ChatMessage): Promise<void> {
    if (this.failing) return Promise.reject(new Error("the disk is full"));
    this.messages.push(message);
    return Promise.resolve();
  }

  onStatus(status: ChannelStatus): void {
    this.statuses.push(status);
  }
}

/** A plugin's channel that runs. Dispose of it: it is stopped. */
export interface RunningPlugin extends AsyncDisposable {
  channel: PluginChannel;
  platform: FakePlatform;
  heard: Listener;
}

/** Starts a plugin on a platform of its own. */
export async function runPlugin(
  root: string,
  settings: Readonly<Record<string, unknown>> = {},
  { entry = "registering.js", env = () => undefined, patience = {} }: {
    entry?: string;
    env?: Environment;
    patience?: Pick<PluginChannelOptions, "pingEveryMs" | "aliveMs">;
  } = {},
): Promise<RunningPlugin> {
  const plugin = await installFake(root, entry);
  const platform = new FakePlatform();
  const heard = new Listener();
  const channel = new PluginChannel({
    ...{ root, plugin, account: "default", env },
    ...patience,
    settings: { platform: platform.url, ...settings },
    runtime: denoRuntime(),
    backoff: { firstMs: 20, mostMs: 100 },
    onLog: (line) => heard.lines.push(line),
  });
  channel.start(heard);
  return {
    channel,
    platform,
    heard,
    async [Symbol.asyncDispose]() {
      await channel.stop();
      await platform[Symbol.asyncDispose]();
    },
  };
}
