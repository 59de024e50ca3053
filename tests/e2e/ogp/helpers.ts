/**
 * A gateway of ours for a test, the program as a black box, and ways to federate it with gateways of the
 * second implementation.
 *
 * @module
 */
import { type Gateway, startGateway } from "../../second_ogp/gateway.ts";
import { type Answer, call, type Json } from "../../second_ogp/http.ts";
import type { Dialect, Peer } from "../../second_ogp/peers.ts";
import { eventually } from "../eventually.ts";
import { TestNode } from "../node.ts";
import { freePort } from "../ports.ts";
import { type Outcome, Run } from "../program.ts";

/** Both dialects. */
export const DIALECTS: readonly Dialect[] = ["0.2", "0.7"];

/** Who asks whom for federation. */
export type Role = "we ask" | "they ask";

/** Both roles. */
export const ROLES: readonly Role[] = ["we ask", "they ask"];

/** Exit codes that the README promises, as far as these tests look at them. */
export const EXIT = { notThere: 3, refused: 4, unavailable: 6, queued: 8 } as const;

/** A gateway of ours. Dispose of it: its daemon ends, its folder goes. */
export class OurGateway implements AsyncDisposable {
  /** Its folder and how commands are run on it. */
  readonly node: TestNode;
  /** Where its daemon listens. */
  readonly port = freePort();
  /** What its daemons have said, all of them. */
  readonly #runs: Run[] = [];

  private constructor(node: TestNode) {
    this.node = node;
  }

  /**
   * Makes an identity, sets the gateway up by its answers, and starts the daemon.
   *
   * @param id The agent id; the name for people is the same with a capital.
   * @param answers What `setup` is told beside port, URL, name and address.
   * @returns The gateway, listening.
   */
  static async start(id = "ours", answers: Record<string, unknown> = {}): Promise<OurGateway> {
    const gateway = new OurGateway(await TestNode.named(id));
    try {
      await gateway.#setUp(answers);
      await gateway.up();
      return gateway;
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where peers reach it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What its daemons have printed, on both streams. */
  get told(): string {
    return this.#runs.map(({ stdout, stderr }) => stdout + stderr).join("");
  }

  /** Its card, as anybody gets it. */
  async card(): Promise<Json> {
    return (await call(`${this.url}/.well-known/ogp`)).json;
  }

  /** Starts the daemon, and waits until it answers. */
  async up(): Promise<void> {
    const args = ["ogp", "start", "--json", "--host", "127.0.0.1", "--port", String(this.port)];
    const run = this.node.start(args);
    this.#runs.push(run);
    await run.until("where it listens", () => run.stdout.includes(String(this.port)) || undefined);
    await eventually("an answer", async () => {
      const answer = await call(`${this.url}/federation/ping`).catch(() => undefined);
      return answer?.status === 200;
    });
  }

  /** Ends the daemon. */
  async down(signal: Deno.Signal = "SIGTERM"): Promise<Outcome> {
    const run = this.#runs.at(-1);
    if (!run) throw new Error("There is no daemon");
    run.kill(signal);
    return await run.end();
  }

  /** Runs `mesh ogp federation …` to its end, whatever its exit code. */
  async tries(args: readonly string[]): Promise<Outcome> {
    await using run = this.node.start(["ogp", "federation", ...args]);
    return await run.end();
  }

  /**
   * Runs `mesh ogp federation … --json`, whose standard output must be one document and nothing else.
   *
   * @param args The command line.
   * @param code The exit code that is expected.
   * @returns The document.
   */
  async json(args: readonly string[], code = 0): Promise<Json> {
    const command = ["ogp", "federation", ...args, "--json"];
    return JSON.parse((await this.node.run(command, { code })).stdout);
  }

  /** Starts `mesh ogp federation … --json` and does not wait for it. */
  begin(args: readonly string[]): Run {
    return this.node.start(["ogp", "federation", ...args, "--json"]);
  }

  /** The gateways that it knows. */
  async peers(): Promise<Json[]> {
    return await this.json(["list"]);
  }

  /** How a gateway with a key stands here; `none` if it is not known. */
  async standing(publicKey: string): Promise<string> {
    const found = (await this.peers()).filter((peer) => peer.publicKey === publicKey);
    return found.map(({ status }) => status).join(" and ") || "none";
  }

  /** Waits until a gateway with a key stands somehow. */
  async becomes(publicKey: string, status: string): Promise<void> {
    await eventually(
      `"${status}" for ${publicKey.slice(-8)}`,
      async () => await this.standing(publicKey) === status,
    );
  }

  /** The messages that were received. */
  async messages(): Promise<Json[]> {
    return await this.json(["messages"]);
  }

  /** The texts of the received messages with an intent of `message`. */
  async texts(): Promise<string[]> {
    const all = await this.messages();
    return all.filter(({ intent }) => intent === "message").map(({ payload }) => payload.text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of this.#runs) await run[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
  }

  async #setUp(answers: Record<string, unknown>): Promise<void> {
    const all = {
      daemonPort: this.port,
      gatewayUrl: this.url,
      displayName: this.node.name,
      email: `${this.node.id}@example.test`,
      ...answers,
    };
    const file = await this.node.file("answers.json", JSON.stringify(all));
    await this.node.run(["ogp", "setup", "--non-interactive", "--answers", file]);
  }
}

/**
 * Starts a gateway of the second implementation.
 *
 * @param dialect Its dialect.
 * @param displayName Its name.
 * @returns The gateway.
 */
export async function foreign(dialect: Dialect, displayName = "Stan"): Promise<Gateway> {
  return await startGateway({ dialect, displayName, port: freePort() });
}

/**
 * Makes two gateways federate.
 *
 * @param ours Ours.
 * @param theirs The other one.
 * @param role Who asks.
 * @param flags What ours grants when it approves.
 */
export async function federate(
  ours: OurGateway,
  theirs: Gateway,
  role: Role = "they ask",
  flags: readonly string[] = [],
): Promise<void> {
  if (role === "we ask") {
    await ours.json(["request", theirs.url]);
    await theirs.approve(seenBy(theirs, ours));
    await theirs.until("the grant back", () => seenBy(theirs, ours).granted);
  } else {
    await theirs.request(ours.url);
    await ours.json(["approve", theirs.publicKey, ...flags]);
  }
  await theirs.until("the approval", () => seenBy(theirs, ours).status === "approved");
  await ours.becomes(theirs.publicKey, "approved");
}

/** How a foreign gateway knows ours. */
export function seenBy(theirs: Gateway, ours: OurGateway): Peer {
  return theirs.peer(ours.url);
}

/** Has a foreign gateway say something to ours. */
export async function says(
  theirs: Gateway,
  ours: OurGateway,
  text: string,
  options: Parameters<Gateway["sendMessage"]>[3] = {},
): Promise<Answer> {
  return await theirs.sendMessage(seenBy(theirs, ours), "message", { text }, options);
}

/** Posts a body to ours as it is. */
export async function post(ours: OurGateway, path: string, body: unknown): Promise<Answer> {
  return await call(`${ours.url}/federation/${path}`, body);
}

/** The texts of the messages that a foreign gateway took in. */
export function heard(theirs: Gateway): string[] {
  return theirs.taken.map(({ message }) => message.payload.text ?? message.payload.message);
}
