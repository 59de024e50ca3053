/** What `mesh serve` does. @module */
import { MeshError, messageOf } from "../lib/error.ts";
import { type DaemonEvent, startDaemon } from "../server/daemon.ts";
import type { ActionContext } from "./define.ts";
import { interruption } from "./interrupt.ts";
import { openNode } from "./node.ts";
import type { ServeFlags } from "./serve.ts";
import { asciiJson, safeText, type Terminal } from "./terminal.ts";
import { agentName, ago } from "./text.ts";

/** Milliseconds that work under way gets when the daemon stops. */
const GRACE = 4_000;

/**
 * Runs the daemon until it is asked to stop.
 *
 * @param context The terminal.
 * @param flags Where to listen.
 */
export default async function (context: ActionContext, flags: ServeFlags): Promise<void> {
  const { terminal } = context;
  const node = await openNode(context, flags);
  using stop = interruption();
  const teller = new Teller(terminal);
  const daemon = await startDaemon(node, {
    host: flags.host,
    port: flags.port,
    onEvent: (event) => teller.tell(event),
  }).catch(async (error) => {
    if (!(error instanceof MeshError) || error.code !== "port_in_use") throw error;
    // Loaded when it is needed: a daemon that runs has no use for it.
    const { clashHint } = await import("../server/port_clash.ts");
    throw new MeshError(error.code, error.message, {
      cause: error,
      hint: await clashHint(flags.port),
    });
  });
  const { card } = node.identity;
  teller.listening({
    kind: "listening",
    ok: true,
    host: flags.host,
    port: daemon.port,
    state_dir: node.state.root,
    agent_id: card.agent_id,
    fingerprint: card.fingerprint,
  });
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    stop.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  terminal.note("Stopping.");
  await daemon.stop(GRACE);
}

/** Where the daemon listens. */
interface Listening {
  readonly kind: "listening";
  readonly ok: true;
  readonly host: string;
  readonly port: number;
  readonly state_dir: string;
  readonly agent_id: string;
  readonly fingerprint: string;
}

/** Prints what the daemon tells; first of all, where it listens: scripts wait for that line. */
class Teller {
  readonly #terminal: Terminal;
  #early: DaemonEvent[] | undefined = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  listening(where: Listening): void {
    this.#print(where);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.tell(event);
  }

  tell(event: DaemonEvent): void {
    if (this.#early) {
      this.#early.push(event);
      return;
    }
    try {
      this.#print(event);
    } catch {
      // A log that cannot be written, such as on a full disk, is no reason to stop serving.
    }
  }

  #print(event: DaemonEvent | Listening): void {
    if (this.#terminal.json) {
      const { error, ...rest } = { error: undefined, ...event };
      const told = error === undefined ? rest : { ...rest, error: messageOf(error) };
      this.#terminal.raw(asciiJson(JSON.stringify(told)) + "\n");
      return;
    }
    const time = new Date().toTimeString().slice(0, 8);
    this.#terminal.line(`${time} ${safeText(sentence(event))}`);
  }
}

function sentence(event: DaemonEvent | Listening): string {
  switch (event.kind) {
    case "listening":
      return `listening on http://${event.host}:${event.port} as ${event.agent_id} (${event.fingerprint})`;
    case "contact":
      return `${agentName(event.from)} asks for contact: mesh approve-request ${event.request_id}`;
    case "message":
      return `message from ${event.from}: ${event.message_id}`;
    case "delivered":
      return `delivered to ${event.to}: ${event.message_id}`;
    case "waiting":
      return `not delivered to ${event.to}: ${event.message_id}: ${event.reason}; again ${
        ago(new Date(event.next_attempt_at))
      }`;
    case "dead":
      return `gave up ${event.message_id} to ${event.to}: ${event.reason}`;
    case "requeued":
      return `queued again after a crash: ${event.message_id}`;
    case "fault":
      return `fault: ${messageOf(event.error)}`;
  }
}
