/**
 * A node to measure: a state directory with an identity and peers, and the program serving it.
 *
 * @module
 */
import { generateKeyPair } from "../../lib/identity/private_key.ts";
import { fingerprintOf } from "../../lib/identity/fingerprint.ts";
import { readPrivateKey } from "../../lib/identity/key_file.ts";
import { initIdentity } from "../../lib/mesh/identity.ts";
import { protocolTime } from "../../lib/signing/freshness.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import type { Peer } from "../../lib/mesh/records.ts";
import { ogpConfig } from "../../lib/ogp/config.ts";
import { keyId } from "../../lib/ogp/names.ts";
import type { OgpPeer } from "../../lib/ogp/records.ts";
import { peerName } from "../../lib/ogp/state.ts";
import { start } from "./processes.ts";

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

/**
 * Makes the state directory of an OGP gateway whose peers may send as much as they like.
 *
 * @param root The directory.
 * @param peers How many peers it has.
 * @returns Who may write to it, and what they call it.
 */
export async function makeGateway(
  root: string,
  peers: number,
): Promise<{ to: string; senders: Sender[] }> {
  const state = openMeshState(root);
  await initIdentity(state, { agentId: NODE_ID, endpoint: "http://127.0.0.1:8787" });
  const most = 1_000_000_000;
  const loopLimits = { peerMessages: most, peerBytes: 1000 * most };
  const gatewayUrl = "http://127.0.0.1:18790";
  await ogpConfig(state.store).change({ gatewayUrl, heartbeatMinutes: 0, loopLimits });
  await Deno.mkdir(`${root}/ogp/peers`, { recursive: true, mode: 0o700 });
  const approvedAt = new Date().toISOString();
  const rateLimit = { requests: 1_000_000, windowSeconds: 60 };
  const scopes = [{ intent: "message", enabled: true, rateLimit }];
  const senders: Sender[] = [];
  for (let i = 0; i < peers; i++) {
    const { privateKey, publicKey } = generateKeyPair();
    const peer: OgpPeer = {
      publicKey: publicKey.der,
      id: keyId(publicKey.der),
      displayName: `Gateway ${i}`,
      // Nobody is there: nothing is sent to them.
      gatewayUrl: "http://127.0.0.1:9",
      status: "approved",
      asked: "them",
      approvedAt,
      grants: { version: "0.2.0", grantedAt: approvedAt, scopes },
    };
    const file = `${root}/ogp/peers/${peerName(publicKey.der)}.json`;
    await Deno.writeTextFile(file, JSON.stringify(peer, null, 2) + "\n");
    senders.push({ id: peer.id, pem: privateKey.exportSecretPem() });
  }
  const key = await readPrivateKey(root);
  return { to: keyId(key?.publicKey.der ?? ""), senders };
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
   * @param verb Which command serves it: `serve`, or `ogp start`.
   * @returns The node, listening.
   */
  static async serve(root: string, verb: readonly string[] = ["serve"]): Promise<ServedNode> {
    return await ServedNode.start(root, [...verb, "--host", "127.0.0.1", "--port", "0"]);
  }

  /**
   * Starts a daemon that is told where to listen by its configuration.
   *
   * @param root The state directory.
   * @param args The command with its flags.
   * @param program How the program is started.
   * @returns The daemon, listening.
   */
  static async start(
    root: string,
    args: readonly string[],
    program: readonly string[] = meshCommand(),
  ): Promise<ServedNode> {
    // What goes wrong is told on standard output, too.
    const command = [...program, ...args, "--state-dir", root, "--json"];
    const { child, lines } = start(command, { stdin: "null", stderr: "null" });
    const { value } = await lines.next();
    const told = JSON.parse(value ?? "{}");
    if (typeof told.port !== "number") throw new Error(`The program does not serve: ${value}`);
    // What else it tells has to be read, or in the end it would wait for its reader.
    (async () => {
      while (!(await lines.next()).done);
    })();
    return new ServedNode(child, told.port);
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
