/**
 * Orders to a daemon that runs, by way of its state directory, like the request to stop: no port is needed
 * for it and no signal, and who may give orders is who may write to the folder. A daemon answers each order
 * with a JSON value or an error.
 *
 * @module
 */
import { codeOf, type ErrorCode, exitCodeOf, MeshError, messageOf } from "../error.ts";
import { FolderWatch } from "./folder_watch.ts";
import {
  isHeld,
  isOrderFile,
  orderPrefix,
  placeFile,
  readOrder,
  sweepOrders,
} from "./order_files.ts";
import { listRunning, type Running } from "./run_file.ts";

/** Milliseconds between looks for an answer, or whether who asked still waits for it. */
const LOOK_EVERY = 250;

/**
 * Does what an order says.
 *
 * @param order Its JSON value, as it was given: anything.
 * @param signal Aborts when nobody waits for the answer any more, or the daemon ends.
 * @returns The answer, a JSON value.
 * @throws {MeshError} to answer with an error.
 */
export type TakeOrder = (order: unknown, signal: AbortSignal) => Promise<unknown>;

/** Takes orders for one daemon. */
export class OrderTaker {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #take: TakeOrder;
  readonly #onFault: (error: unknown) => void;
  readonly #stop = new AbortController();
  /** The names of orders that were taken: none is taken twice, whatever becomes of its answer. */
  #taken = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  #looking: Promise<void> = Promise.resolve();

  /**
   * Nothing is taken before {@link start}.
   *
   * @param root The state directory.
   * @param running The daemon, as announced.
   * @param take Does what orders say.
   * @param onFault Told of failures that are the daemon's own.
   */
  constructor(
    root: string,
    running: Running,
    take: TakeOrder,
    onFault: (error: unknown) => void = () => {},
  ) {
    this.#folder = `${root}/run`;
    this.#prefix = orderPrefix(running);
    this.#take = take;
    this.#onFault = onFault;
  }

  /** Takes orders from now on. */
  start(): void {
    this.#looking = this.#look();
  }

  /** Takes no more, interrupts what is under way, and waits for its end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
    await Promise.all(this.#underWay);
  }

  async #look(): Promise<void> {
    const { signal } = this.#stop;
    const watch = new FolderWatch(this.#folder, { matters: isOrderFile });
    try {
      while (!signal.aborted) {
        const waiting = await this.#waiting();
        const fresh = waiting.filter((name) => !this.#taken.has(name));
        this.#taken = new Set(waiting);
        for (const name of signal.aborted ? [] : fresh) {
          const work: Promise<void> = this.#answer(`${this.#folder}/${name}`)
            .catch(this.#onFault)
            .finally(() => this.#underWay.delete(work));
          this.#underWay.add(work);
        }
        await watch.wait(signal);
      }
    } finally {
      await watch.close();
    }
  }

  async #waiting(): Promise<string[]> {
    try {
      return (await sweepOrders(this.#folder)).filter((name) => name.startsWith(this.#prefix));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) this.#onFault(error);
      return [];
    }
  }

  async #answer(path: string): Promise<void> {
    const answer = path.replace(/order$/, "answer");
    const gone = new AbortController();
    const watching = setInterval(async () => {
      if (!await isHeld(path)) gone.abort();
    }, LOOK_EVERY);
    try {
      const text = await this.#textFor(path, AbortSignal.any([gone.signal, this.#stop.signal]));
      if (!await isHeld(path)) return;
      (await placeFile(answer, text)).close();
    } finally {
      clearInterval(watching);
    }
  }

  async #textFor(path: string, signal: AbortSignal): Promise<string> {
    try {
      const order = await readOrder(path).catch((cause) => {
        throw new MeshError("malformed", `Cannot read the order: ${messageOf(cause)}`, { cause });
      });
      return JSON.stringify({ ok: true, answer: await this.#take(order, signal) });
    } catch (error) {
      if (!(error instanceof MeshError)) this.#onFault(error);
      const { hint, retryAfter } = error instanceof MeshError ? error : {};
      const told = { error: codeOf(error), message: messageOf(error), hint, retryAfter };
      return JSON.stringify({ ok: false, ...told });
    }
  }
}

/** How to give an order. */
export interface GiveOrderOptions {
  /** Milliseconds to wait for the answer. */
  readonly patienceMs: number;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives an order to a daemon and waits for the answer.
 *
 * @param root The state directory.
 * @param running The daemon, as listed.
 * @param order A JSON value.
 * @param options How long to wait.
 * @returns The answer, a JSON value.
 * @throws {MeshError} What the daemon answered with; `unavailable` if it has ended or does not answer;
 * `interrupted`; `io` if the order cannot be given.
 */
export async function giveOrder(
  root: string,
  running: Running,
  order: unknown,
  { patienceMs, signal }: GiveOrderOptions,
): Promise<unknown> {
  const folder = `${root}/run`;
  const path = `${folder}/${orderPrefix(running)}${crypto.randomUUID().slice(0, 8)}.order`;
  const answer = path.replace(/order$/, "answer");
  const late = AbortSignal.timeout(patienceMs);
  const end = signal ? AbortSignal.any([late, signal]) : late;
  const watch = new FolderWatch(folder, {
    everyMs: LOOK_EVERY,
    matters: (changed) => /\.(?:answer|json)$/.test(changed),
  });
  let placed: Deno.FsFile | undefined;
  try {
    placed = await placeFile(path, JSON.stringify(order)).catch((cause) => {
      throw new MeshError("io", `Cannot write "${path}": ${messageOf(cause)}`, { cause });
    });
    while (true) {
      const runs = await isRunning(root, running);
      // It may have answered right before its end.
      if (await isThere(answer)) return readAnswer(await Deno.readTextFile(answer));
      const daemon = `The daemon "${running.name}" (process ${running.pid})`;
      if (!runs) throw new MeshError("unavailable", `${daemon} has ended`);
      if (signal?.aborted) throw new MeshError("interrupted", "Interrupted");
      if (late.aborted) {
        const seconds = Math.round(patienceMs / 100) / 10;
        throw new MeshError("unavailable", `${daemon} did not answer within ${seconds} seconds`, {
          hint: "what was ordered may be done all the same: look before you order it again",
        });
      }
      await watch.wait(end);
    }
  } finally {
    await watch.close();
    await Deno.remove(answer).catch(() => {});
    await Deno.remove(path).catch(() => {});
    placed?.close();
  }
}

async function isRunning(root: string, { name, pid, started_at }: Running): Promise<boolean> {
  return (await listRunning(root)).some((one) =>
    one.name === name && one.pid === pid && one.started_at === started_at
  );
}

function readAnswer(text: string): unknown {
  const { ok, answer, error, message, hint, retryAfter } = JSON.parse(text);
  if (ok) return answer;
  throw new MeshError(knownCode(error), message, { hint, retryAfter });
}

/** A daemon of another version may have codes that this one does not know. */
function knownCode(code: ErrorCode): ErrorCode {
  try {
    exitCodeOf(new MeshError(code, ""));
    return code;
  } catch {
    return "unexpected";
  }
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
