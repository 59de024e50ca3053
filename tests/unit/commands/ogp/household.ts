/**
 * Gateways that listen, and the commands of their owners, for tests.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { runCommand } from "../../../../commands/run.ts";
import { initIdentity } from "../../../../lib/mesh/identity.ts";
import { openMeshState } from "../../../../lib/mesh/state.ts";
import { ogpConfig } from "../../../../lib/ogp/config.ts";
import { type OgpNode, openOgpNode } from "../../../../lib/ogp/node.ts";
import { type OgpState, openOgpState } from "../../../../lib/ogp/state.ts";
import { listen } from "../../../../server/listen.ts";
import { ogpSurface } from "../../../../server/ogp.ts";
import { rootOutbox } from "../../../../server/outbox.ts";
import { temporaryRoot } from "../../mesh/parties.ts";
import { Sinks } from "../sinks.ts";

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A state directory with a gateway's identity; its owner types commands. */
export interface Owner extends AsyncDisposable {
  readonly root: string;
  readonly state: OgpState;
  /** Where the gateway says that it is. */
  readonly url: string;
  /** Types `mesh ogp federation …`. */
  federation(...args: string[]): Promise<Said>;
  /** The same with `--json`: the exit code and the document. */
  // deno-lint-ignore no-explicit-any
  json(...args: string[]): Promise<{ code: number; document: any; err: string }>;
  /** Listens from now on, as a daemon would. */
  listen(): Promise<OgpNode>;
  /** Does not answer any more. */
  silence(): Promise<void>;
}

type App = Hono<{ Bindings: HttpBindings }>;

/**
 * Makes a gateway that does not listen yet.
 *
 * @param displayName Its name.
 * @param config Keys of the `ogp` section of its configuration.
 */
export async function owner(
  displayName: string,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Owner> {
  const folder = await temporaryRoot();
  const root = folder.path;
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  await initIdentity(openMeshState(root), {
    agentId: displayName.toLowerCase(),
    displayName,
    endpoint: "http://127.0.0.1:8787",
  });
  const state = openOgpState(root);
  await ogpConfig(state.store).change({ gatewayUrl: url, ...config });
  const closing: (() => Promise<void>)[] = [];
  const silence = async () => {
    for (const close of closing.splice(0)) await close();
  };
  const federation = (...args: string[]) => command(root, "ogp", "federation", ...args);
  return {
    root,
    state,
    url,
    federation,
    async json(...args) {
      const end = args.indexOf("--");
      const at = end === -1 ? args.length : end;
      const { code, out, err } = await federation(...args.toSpliced(at, 0, "--json"));
      return { code, document: JSON.parse(out), err };
    },
    async listen() {
      const node = await openOgpNode(root);
      const app = ogpSurface(node, rootOutbox({ ogp: node }), { strangersPerMinute: 1000 });
      const server = await listen(app as unknown as App, { host: "127.0.0.1", port });
      closing.push(async () => {
        await server.close(1000);
        node[Symbol.dispose]();
      });
      return node;
    },
    silence,
    async [Symbol.asyncDispose]() {
      await silence();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Two gateways, of which the first was approved by the second. */
export interface Pair extends AsyncDisposable {
  readonly anna: Owner;
  readonly bert: Owner;
}

/** Makes two gateways that listen and are federated, as `bert` and `anna` to each other. */
export async function federated(): Promise<Pair> {
  const anna = await owner("Anna");
  const bert = await owner("Bert");
  await anna.listen();
  await bert.listen();
  const commands: [who: Owner, ...args: string[]][] = [
    [anna, "request", bert.url, "--alias", "bert"],
    [bert, "approve", "Anna", "--alias", "anna"],
  ];
  for (const [who, ...args] of commands) {
    const { code, err } = await who.federation(...args);
    if (code !== 0) throw new Error(`${args.join(" ")}: ${err}`);
  }
  return {
    anna,
    bert,
    async [Symbol.asyncDispose]() {
      await anna[Symbol.asyncDispose]();
      await bert[Symbol.asyncDispose]();
    },
  };
}

/** Types a command on a state directory. */
export async function command(root: string, ...args: string[]): Promise<Said> {
  const sinks = new Sinks(false, { MESH_STATE_DIR: root });
  const code = await runCommand(args, sinks);
  return { code, out: sinks.stdout.text, err: sinks.stderr.text };
}

/** A port that nobody has right now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
