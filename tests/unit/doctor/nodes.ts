/**
 * Nodes in temporary folders, cards on loopback ports, and one check at a time.
 *
 * @module
 */
import type { Check, Finding } from "../../../lib/doctor/check.ts";
import { type DoctorContext, type DoctorOptions, openDoctor } from "../../../lib/doctor/context.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import type { AgentCard } from "../../../lib/mesh/card.ts";
import { initIdentity } from "../../../lib/mesh/identity.ts";
import { cardOf } from "../../../lib/mesh/identity_record.ts";
import { type MeshState, openMeshState } from "../../../lib/mesh/state.ts";
import { discovery, RawServer, send, untilClosed } from "../mesh/scan/servers.ts";

/** A state directory that is removed when it is disposed of. */
export class TempNode implements AsyncDisposable {
  /** Its collections. */
  readonly state: MeshState;

  private constructor(readonly root: string) {
    this.state = openMeshState(root);
  }

  /** A folder without an identity. */
  static async empty(): Promise<TempNode> {
    return new TempNode(await Deno.realPath(await Deno.makeTempDir({ prefix: "mesh-doctor-" })));
  }

  /** A node with an identity. */
  static async named(agentId: string, endpoint = "http://127.0.0.1:1"): Promise<TempNode> {
    const node = await TempNode.empty();
    await initIdentity(node.state, { agentId, endpoint });
    return node;
  }

  /** Its card. */
  async card(): Promise<AgentCard> {
    return cardOf(JSON.parse(await this.read("identity.json")));
  }

  /** The text of a file below the root. */
  read(path: string): Promise<string> {
    return Deno.readTextFile(`${this.root}/${path}`);
  }

  /** Writes a file below the root as another program might. */
  async write(path: string, text: string, mode = 0o600): Promise<void> {
    const full = `${this.root}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(full, text, { mode });
  }

  /** Changes what identity.json says. */
  async edit(change: Record<string, unknown>): Promise<void> {
    const identity = JSON.parse(await this.read("identity.json"));
    await this.write("identity.json", JSON.stringify({ ...identity, ...change }));
  }

  /** What the checks are given for this node. */
  context(options: DoctorOptions = {}): DoctorContext {
    return openDoctor(this.root, { probeMs: 1_000, peersMs: 3_000, ...options });
  }

  /** What one check finds. */
  async run(check: Check, options: DoctorOptions = {}): Promise<Finding[]> {
    return await runChecks([check], this.context(options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

/** The one finding that there is. */
export function only(findings: readonly Finding[]): Finding {
  const [finding] = findings;
  if (findings.length === 1 && finding) return finding;
  throw new Error(`Not one finding: ${JSON.stringify(findings, null, 2)}`);
}

/**
 * A server whose discovery answers with a card that may be set later. Not `Deno.serve`: it refuses to
 * work where `@hono/node-server` was loaded, which puts a `Response` of its own in the global's place.
 */
export class CardServer extends RawServer {
  /** What it shows. */
  card: AgentCard | undefined;

  constructor() {
    super(async (conn) => {
      const body = new TextEncoder().encode(JSON.stringify(discovery(this.card)));
      await send(conn, `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
      await send(conn, body);
      await untilClosed(conn);
    });
  }

  /** The base URL. */
  get url(): string {
    return this.target.url;
  }
}
