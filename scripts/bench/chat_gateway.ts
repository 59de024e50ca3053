/**
 * A channel gateway to measure: the program serving the webchat in front of an agent.
 *
 * @module
 */
import { Helper } from "./helper.ts";
import { ServedNode } from "./node.ts";
import type { AgentTask } from "./chat_agent.ts";
import type { ClientTask } from "./chat_clients.ts";

/** How the gateway is set up. */
export interface GatewaySetup {
  /** The port of the agent, on 127.0.0.1. */
  readonly agent: number;
  /** Further keys of `ocg.json`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A gateway, listening. */
export interface MeasuredGateway extends AsyncDisposable {
  /** The link to the page. */
  readonly page: string;
  /** The process' number. */
  readonly pid: number;
}

/**
 * Starts a gateway.
 *
 * @param root The state directory; it is made if need be.
 * @param setup Its agent and settings.
 * @returns The gateway.
 */
export async function serveGateway(
  root: string,
  { agent, settings }: GatewaySetup,
): Promise<MeasuredGateway> {
  await Deno.mkdir(root, { recursive: true, mode: 0o700 });
  const config = {
    ...{ agentUrl: agentUrl(agent), channels: { webchat: {} } },
    ...{ dailyMessages: 0, concurrency: 2_000, ...settings },
  };
  await Deno.writeTextFile(`${root}/ocg.json`, JSON.stringify(config), { mode: 0o600 });
  const node = await ServedNode.serve(root, ["ocg", "start"]);
  const token = (await Deno.readTextFile(`${root}/ocg/webchat/default.token`)).trim();
  return {
    page: `http://127.0.0.1:${node.port}/chat#${token}`,
    pid: node.pid,
    [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
  };
}

/**
 * The URL of an agent.
 *
 * @param port Its port.
 * @returns The URL of its chat completions.
 */
export function agentUrl(port: number): string {
  return `http://127.0.0.1:${port}/v1/chat/completions`;
}

/** The agent, as a process. */
export class ChatAgent extends Helper {
  /** Starts it. */
  constructor() {
    super("chat_agent.ts");
  }

  /**
   * Opens it.
   *
   * @param thinkMs Milliseconds before it begins to answer.
   * @returns Its port.
   */
  open(thinkMs: number): Promise<number> {
    return this.ask<number>({ do: "open", thinkMs } satisfies AgentTask);
  }

  /**
   * Waits until it has so many questions in hand.
   *
   * @param count How many.
   * @returns Where their answers go, if by callback.
   */
  gather(count: number): Promise<string[]> {
    return this.ask<string[]>({ do: "gather", count } satisfies AgentTask);
  }
}

/** People and callbacks, as a process. */
export class ChatClients extends Helper {
  /** Starts it. */
  constructor() {
    super("chat_clients.ts");
  }

  /**
   * Does something.
   *
   * @param task What.
   * @returns Milliseconds, one for each; or how many, of what is not timed.
   */
  run<T extends ClientTask>(task: T): Promise<T["do"] extends "say" ? number : number[]> {
    return this.ask(task);
  }
}
