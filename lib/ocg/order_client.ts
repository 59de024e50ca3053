/**
 * Giving orders to the gateway that runs on a state directory; where several do, to the one whose account it
 * is about.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { giveOrder } from "../run/orders.ts";
import { listRunning, OCG, type Running } from "../run/run_file.ts";
import type { AccountReport, OcgAnswer, OcgOrder, StatusAnswer } from "./orders.ts";

/** What daemons that run channels are announced as. */
const NAMES: ReadonlySet<string> = new Set([OCG]);

/** Milliseconds that an answer may take; channels take some to stop. */
const PATIENCE = 30_000;

/** How to give an order. */
export interface OcgOrderOptions {
  /** Milliseconds to wait for the answer. Default 30,000. */
  readonly patienceMs?: number | undefined;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The daemons that run channels.
 *
 * @param root The state directory.
 * @returns What runs, in the order of its start.
 */
export async function ocgDaemons(root: string): Promise<Running[]> {
  return (await listRunning(root)).filter(({ name }) => NAMES.has(name))
    .sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
}

/**
 * Gives an order.
 *
 * @param root The state directory.
 * @param order The order.
 * @param options How long to wait.
 * @returns The answer. Where several daemons run, `status` and `reload` are all of theirs in one: of each
 * account what the daemon says that runs it.
 * @throws {MeshError} `unavailable` if no gateway runs or answers, and what it answers with.
 */
export async function ocgOrder<Order extends OcgOrder>(
  root: string,
  order: Order,
  options: OcgOrderOptions = {},
): Promise<OcgAnswer<Order>> {
  const daemons = await ocgDaemons(root);
  const ask = (daemon: Running, what: OcgOrder) =>
    giveOrder(root, daemon, what, {
      patienceMs: options.patienceMs ?? PATIENCE,
      ...signalOf(options),
    });
  const [first] = daemons;
  if (!first) {
    throw new MeshError("unavailable", "The channel gateway does not run", {
      hint: "mesh ocg start --background",
    });
  }
  if (daemons.length === 1) return await ask(first, order) as OcgAnswer<Order>;
  if (order.do === "status" || order.do === "reload") {
    const answers = await Promise.allSettled(daemons.map((daemon) => ask(daemon, order)));
    return merged(answers) as OcgAnswer<Order>;
  }
  const statuses = await Promise.allSettled(daemons.map((one) => ask(one, { do: "status" })));
  const runs = ({ accounts }: StatusAnswer) =>
    accounts.some((one) =>
      one.channel === order.channel && isUp(one) &&
      (order.account === undefined || one.account === order.account)
    );
  const at = statuses.findIndex((one) =>
    one.status === "fulfilled" && runs(one.value as StatusAnswer)
  );
  return await ask(daemons[at] ?? first, order) as OcgAnswer<Order>;
}

function signalOf({ signal }: OcgOrderOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** What all say, once at least one says something. */
function merged(answers: PromiseSettledResult<unknown>[]): StatusAnswer {
  const given = answers.flatMap((one) =>
    one.status === "fulfilled" ? [one.value as StatusAnswer] : []
  );
  const [refused] = answers.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
  if (given.length === 0) throw refused;
  const accounts = new Map<string, AccountReport>();
  for (const one of given.flatMap((answer) => [...answer.accounts])) {
    const key = `${one.channel}/${one.account}`;
    const known = accounts.get(key);
    if (!known || !isUp(known) && isUp(one)) accounts.set(key, one);
  }
  const webchat = given.find((answer) => answer.webchat)?.webchat;
  return { accounts: [...accounts.values()], ...(webchat ? { webchat } : {}) };
}

function isUp({ status: { state } }: AccountReport): boolean {
  return state === "running" || state === "connecting";
}
