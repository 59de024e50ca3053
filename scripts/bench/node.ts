/**
 * A node to measure: a state directory with an identity and peers, and the program serving it.
 *
 * @module
 */
import { parsePrivateKeyPem, generateKeyPair } from "../../lib/identity/private_key.ts";
import { fingerprintOf } from "../../lib/identity/fingerprint.ts";
import { initIdentity } from "../../lib/mesh/identity.ts";
import { protocolTime } from "../../lib/mesh/freshness.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import type { Peer } from "../../lib/mesh/records.ts";

/** Whoever may write to the node. */
export interface Sender {
  /** The agent id. */
  readonly id: string;
  /** The secret key in PEM. */
  readonly pem: string;
}

/** The node's agent id. */
export const NODE_ID = "measured";

/**
 * Makes a state directory.
 *
 * @param root The directory.
 * @param peers How many peers it has.
 * @returns Who may write to it.
 */
export async function makeNode(root: string, peers: number): Promise<Sender[]> {
  const state = openMeshState(root);
  await initIdentity(state, { agentId: NODE_ID, endpoint: "http://127.0.0.1:8787" });
  await Deno.mkdir(`${root}/peers`, { mode: 0o700 });
  const senders: Sender[] = [];
  for (let i = 0; i < peers; i++) {
    const { privateKey, publicKey } = generateKeyPair();
    const id = `agent-${i.toString(16).padStart(12, "0")}`;
    const peer: Peer = {
      agent_id: id,
      display_name: `Agent ${i}`,
      endpoint: "http://127.0.0.1:8787",
      public_key: publicKey.pem,
      fingerprint: await fingerprintOf(publicKey.pem),
      trusted_at: protocolTime(new Date()),
      source_request_id: `req_${"0".repeat(32)}`,
    };
    // Through the store it would take a second for a thousand of them.
    await Deno.writeTextFile(`${root}/peers/${id}.json`, JSON.stringify(peer, null, 2) + "\n");
    senders.push({ id, pem: privateKey.exportSecretPem() });
  }
  return senders;
}

/** The program serving a state directory, as a process of its own. */
export class ServedNode implements AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @param root The state directory.
   * @returns The node, listening.
   */
  static async serve(root: string): Promise<ServedNode> {
    const [command, ...args] = meshCommand();
    const child = new Deno.Command(command, {
      args: [...args, "serve", "--state-dir", root, "--host", "127.0.0.1", "--port", "0", "--json"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const listening = Promise.withResolvers<number>();
    listening.promise.catch(() => {});
    // All that it tells has to be read, or it would wait for its reader.
    (async () => {
      let said = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        if (said.includes("\n")) continue;
        said += text;
        if (said.includes("\n")) listening.resolve(JSON.parse(said.slice(0, said.indexOf("\n"))).port);
      }
      listening.reject(new Error(`The program does not serve: ${said}`));
    })();
    try {
      return new ServedNode(child, await listening.promise);
    } catch (error) {
      await child.status;
      throw error;
    }
  }

  /** The process' number. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
  }
}

/**
 * How the program is started: the compiled one that `MESH_BINARY` names, else the sources.
 *
 * @returns The command.
 */
export function meshCommand(): readonly [string, ...string[]] {
  const binary = Deno.env.get("MESH_BINARY");
  if (binary) return [binary];
  return [Deno.execPath(), "run", "--quiet", "-A", new URL("../../main.ts", import.meta.url).href];
}
