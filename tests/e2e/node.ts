/**
 * A node for a test: a folder of its own for its state and its home, and the program run on it.
 *
 * @module
 */
import { approveContact } from "../../lib/mesh/decisions.ts";
import { createContactRequest, receiveContact } from "../../lib/mesh/contacts.ts";
import { initIdentity } from "../../lib/mesh/identity.ts";
import { type MeshNode, openMeshNode } from "../../lib/mesh/node.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { Daemon } from "./daemon.ts";
import { freePort } from "./ports.ts";
import { type Outcome, prepareHome, Run, run, type RunOptions } from "./program.ts";

/** How a run is started, and the exit code that it must end with (default: 0). */
export interface NodeRunOptions extends RunOptions {
  readonly code?: number;
}

/** A node. Dispose of it: its folder is removed. */
export class TestNode implements AsyncDisposable {
  /** Its agent id. */
  readonly id: string;
  /** The port that its endpoint names; nobody else's. */
  readonly port = freePort();
  /** Its folder: the home of its runs, with the state below. */
  readonly home: string;

  private constructor(id: string, home: string) {
    this.id = id;
    this.home = home;
  }

  /**
   * A node without an identity.
   *
   * @param id The agent id that it is to have.
   * @returns The node.
   */
  static async empty(id: string): Promise<TestNode> {
    const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "mesh-e2e-" }));
    await prepareHome(home);
    return new TestNode(id, home);
  }

  /**
   * A node with an identity.
   *
   * @param id Its agent id; the name for people is the same with a capital.
   * @param endpoint Its endpoint; by default its own port.
   * @returns The node.
   */
  static async named(id: string, endpoint?: string): Promise<TestNode> {
    const node = await TestNode.empty(id);
    await initIdentity(openMeshState(node.state), {
      agentId: id,
      displayName: node.name,
      endpoint: endpoint ?? node.endpoint,
    });
    return node;
  }

  /** The node's name for people. */
  get name(): string {
    return this.id.slice(0, 1).toUpperCase() + this.id.slice(1);
  }

  /** The state directory. */
  get state(): string {
    return `${this.home}/state`;
  }

  /** Where the node is reached when its daemon runs. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What leads runs to this node. */
  get env(): Record<string, string> {
    return { HOME: this.home, USERPROFILE: this.home, MESH_STATE_DIR: this.state };
  }

  /** Starts a run and does not wait for it. */
  start(args: readonly string[], options: RunOptions = {}): Run {
    return new Run(args, { ...options, env: { ...this.env, ...options.env } });
  }

  /**
   * Runs a command to its end.
   *
   * @param args The command line.
   * @param options Input, and the exit code that is expected.
   * @returns What it left behind.
   */
  async run(args: readonly string[], options: NodeRunOptions = {}): Promise<Outcome> {
    return await run(args, { ...options, env: { ...this.env, ...options.env } });
  }

  /**
   * Runs a command with `--json`, whose output must be one JSON document as Python's `json.dumps` with an
   * indent of 2 prints it, and nothing else.
   *
   * @param args The command line.
   * @param options Input, and the exit code that is expected.
   * @returns The document.
   */
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
  async json(args: readonly string[], options: NodeRunOptions = {}): Promise<any> {
    const { stdout } = await this.run([...args, "--json"], options);
    const document = JSON.parse(stdout);
    const python = JSON.stringify(document, null, 2).replace(
      /[^\n -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    if (stdout !== `${python}\n`) throw new Error(`Not as Python prints it:\n${stdout}`);
    return document;
  }

  /** Starts this node's daemon at its endpoint, or at another port. */
  async serve(port = this.port): Promise<Daemon> {
    return await Daemon.start(this.env, port);
  }

  /** The node from within, for tests that prepare or inspect what no command shows. */
  async open(): Promise<MeshNode> {
    return await openMeshNode(this.state);
  }

  /** Writes a file into the node's home and tells its path. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    const path = `${this.home}/${name}`;
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.home, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/**
 * Makes a node trust another one, as if the other had asked and been approved.
 *
 * @param node Who trusts.
 * @param other Who is trusted.
 */
export async function trust(node: TestNode, other: TestNode): Promise<void> {
  const here = await node.open();
  const request = createContactRequest(await other.open());
  const { request: { request_id } } = await receiveContact(
    here,
    new TextEncoder().encode(printJson(request)),
  );
  await approveContact(here, request_id);
}

/**
 * Two nodes that trust each other.
 *
 * @param one The id of the first.
 * @param other The id of the second.
 * @returns Both; dispose of both.
 */
export async function friends(one: string, other: string): Promise<[TestNode, TestNode]> {
  const nodes: [TestNode, TestNode] = [await TestNode.named(one), await TestNode.named(other)];
  await trust(nodes[0], nodes[1]);
  await trust(nodes[1], nodes[0]);
  return nodes;
}
