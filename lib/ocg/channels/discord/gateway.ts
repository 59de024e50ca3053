/**
 * The connection to Discord's gateway. The library connects, heartbeats and resumes; what is decided here
 * is when to leave it alone, and how long to wait when it does not get through.
 *
 * @module
 */
import type { REST } from "@discordjs/rest";
import type { SessionInfo, WebSocketManager } from "@discordjs/ws";
import { Backoff, type BackoffBounds } from "../backoff.ts";
import { pause, settled } from "../pause.ts";
import { type Fault, faultOf, faultOfClose } from "./fault.ts";

/** What the connection needs. */
export interface GatewayOptions {
  /** The REST client, which knows where the gateway is. */
  readonly rest: REST;
  /** The bot's token. */
  readonly token: string;
  /** What to be told of, as the bits of Discord's intents. */
  readonly intents: number;
  /** How long to wait after failures. */
  readonly backoff: BackoffBounds;
  /** Told who the bot is when a session begins. */
  readonly onReady: (user: { id: string; username: string }) => void;
  /** Told that it works, or what is wrong. */
  readonly onState: (fault: Fault | undefined) => void;
  /** Told each event. */
  readonly onEvent: (type: string, data: unknown) => void;
  /** Ends the connection. */
  readonly signal: AbortSignal;
}

/** How often in a row the library may fail to connect, at its pace of half a second, before we wait. */
const MOST_CLOSES = 3;

/** Milliseconds for saying goodbye. */
const FAREWELL_MS = 2_000;

/** Milliseconds for the gateway's first words. */
const GREETING_MS = 20_000;

/**
 * Stays connected until the signal aborts.
 *
 * @param options Where and whom to tell.
 * @returns A fault that trying again cannot mend, or `undefined` once the signal has aborted.
 */
export async function stayConnected(options: GatewayOptions): Promise<Fault | undefined> {
  const { signal, onState } = options;
  const backoff = new Backoff(options.backoff);
  const memory: Memory = { session: null };
  while (!signal.aborted) {
    const fault = await connect(options, memory, () => backoff.reset()).catch(faultOf);
    if (signal.aborted || !fault) break;
    if (fault.kind === "never") return fault;
    onState(fault);
    const wait = backoff.next();
    await pause(fault.kind === "flood" ? fault.seconds * 1000 : wait, signal);
  }
  return undefined;
}

/** What outlives a connection. The library's own memory is one for all bots of a process. */
interface Memory {
  session: SessionInfo | null;
}

/** Milliseconds in which the library comes back to a connection that it gave up. */
const RECOVERY_MS = 700;

/** One life of the library's manager. */
interface Life {
  /** Whether the session is under way, so that the library is not about to connect again. */
  steady: boolean;
  /** Whether we are done with it. */
  leaving: boolean;
  /** Resolves when the library wanted to connect again after we were done with it. */
  readonly held: PromiseWithResolvers<void>;
}

async function connect(
  options: GatewayOptions,
  memory: Memory,
  onWorks: () => void,
): Promise<Fault | undefined> {
  const { WebSocketManager } = await import("@discordjs/ws");
  const { rest, token, intents, signal } = options;
  const over = Promise.withResolvers<Fault | undefined>();
  const life: Life = { steady: false, leaving: false, held: Promise.withResolvers<void>() };
  const manager = new WebSocketManager({
    rest,
    token,
    intents,
    shardCount: 1,
    helloTimeout: GREETING_MS,
    readyTimeout: GREETING_MS,
    retrieveSessionInfo: () => {
      if (!life.leaving) return memory.session;
      // It was in the middle of a pause when we left, which `destroy` does not end: it stays here.
      life.held.resolve();
      return new Promise<never>(() => {});
    },
    updateSessionInfo: (_shard, session) => {
      // Leaving in order to come back must not forget where we were.
      if (!life.leaving) memory.session = session;
    },
  });
  listen(manager, options, life, over.resolve, onWorks);
  const leave = () => over.resolve(undefined);
  signal.addEventListener("abort", leave);
  if (signal.aborted) leave();
  let begun = true;
  manager.connect().catch((error) => {
    begun = false;
    over.resolve(faultOf(error));
  });
  const fault = await over.promise;
  const { steady } = life;
  life.leaving = true;
  signal.removeEventListener("abort", leave);
  // Never started, it has nothing to destroy, and says so by throwing.
  await settled(Promise.resolve(manager.destroy()).catch(() => {}), FAREWELL_MS);
  if (begun && !steady && fault?.kind !== "never") await settled(life.held.promise, RECOVERY_MS);
  return fault;
}

function listen(
  manager: WebSocketManager,
  { onReady, onState, onEvent }: GatewayOptions,
  life: Life,
  end: (fault: Fault) => void,
  onWorks: () => void,
): void {
  let closes = 0;
  const works = () => {
    closes = 0;
    life.steady = true;
    onWorks();
    onState(undefined);
  };
  // The names are the library's; its enumeration would have to be loaded first.
  const on = manager.on.bind(manager) as (
    event: string,
    // deno-lint-ignore no-explicit-any -- differs by event
    listener: (...args: any[]) => void,
  ) => void;
  on("ready", ({ user }) => {
    onReady(user);
    works();
  });
  on("resumed", works);
  on("dispatch", ({ t, d }) => onEvent(t, d));
  on("closed", (code: number) => {
    // Also told of the end that we asked for.
    if (life.leaving) return;
    life.steady = false;
    const never = faultOfClose(code);
    if (never) return end(never);
    const fault: Fault = { kind: "down", text: `Discord closed the connection (code ${code})` };
    if (++closes > MOST_CLOSES) end(fault);
    else onState(fault);
  });
  // Whatever is wrong is followed by the connection's end; without a listener it would be thrown.
  on("error", () => {});
  on("socketError", () => {});
}
