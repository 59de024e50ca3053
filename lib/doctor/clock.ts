/**
 * Whether this machine's clock is right: messages with a time that is off by more than five minutes are
 * refused, on either side.
 *
 * @module
 */
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { clockOffset } from "./http_date.ts";
import { count, span } from "./words.ts";

/** Off by more than this, a clock is not kept in time by anything. */
const SUSPICIOUS = 60_000;
/** The protocol's limit. */
const REFUSED = 300_000;
/** No node is older than this program. */
const FIRST_YEAR = 2026;
/** Peers to compare with; those that answer fastest tell the time best. */
const WITNESSES = 5;
/** Milliseconds that a witness gets. */
const WITNESS_MS = 2_000;

/** A peer's clock beside ours. */
interface Witness {
  readonly id: string;
  /** Milliseconds by which it is ahead of ours. */
  readonly offset: number;
}

/** Compares the clock with those of peers. */
export const clock: Check = {
  name: "clock",
  async run(context, signal) {
    const now = context.now();
    if (now.getUTCFullYear() < FIRST_YEAR) {
      return failure(`This machine believes that it is ${now.toISOString()}`, setClock());
    }
    const witnesses = await witnessesOf(context, signal);
    if (witnesses.length === 0) {
      return ok(`It is ${now.toISOString()} here; there is nobody to compare with`);
    }
    const own = ownVerdict(witnesses);
    return own.level === "ok" ? [own, ...witnesses.flatMap(peerVerdict)] : own;
  },
};

async function witnessesOf(context: DoctorContext, signal: AbortSignal): Promise<Witness[]> {
  // That peers cannot be read is for another check to tell.
  const found = (await context.peers().catch(() => []))
    .flatMap(({ peer, result }) => result?.ok ? [{ peer, result }] : [])
    .sort((a, b) => a.result.millis - b.result.millis)
    .slice(0, WITNESSES);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WITNESS_MS);
  const either = AbortSignal.any([signal, stop.signal]);
  try {
    const offsets = await Promise.all(found.map(async ({ peer, result }) => {
      const offset = await clockOffset(result.target.url, context.now, either);
      return offset === undefined ? [] : [{ id: peer.agent_id, offset }];
    }));
    return offsets.flat();
  } finally {
    clearTimeout(timer);
  }
}

function ownVerdict(witnesses: readonly Witness[]): Verdict {
  const { id, offset } = median(witnesses);
  const off = Math.abs(offset);
  if (off <= SUSPICIOUS) {
    const agreeing = witnesses.filter(({ offset }) => Math.abs(offset) <= SUSPICIOUS);
    return ok(`The clock agrees with that of ${count(agreeing.length, "peer")}`);
  }
  const what = witnesses.length === 1
    ? `This clock and that of "${id}" differ by ${span(off)}`
    : `This clock is ${span(off)} ${offset > 0 ? "behind" : "ahead of"} those of ${
      count(witnesses.length, "peer")
    }`;
  if (off <= REFUSED) return warning(`${what}; from 5 min on messages are refused`, setClock());
  return failure(`${what}, so messages are refused`, setClock());
}

/** It is right as long as most are. Of the two in the middle of an even number, the one nearer to us. */
function median(witnesses: readonly Witness[]): Witness {
  const sorted = witnesses.toSorted((a, b) => a.offset - b.offset);
  const middle = (sorted.length - 1) / 2;
  return [Math.floor(middle), Math.ceil(middle)].map((i) => sorted[i] as Witness).reduce((a, b) =>
    Math.abs(a.offset) <= Math.abs(b.offset) ? a : b
  );
}

function peerVerdict({ id, offset }: Witness): Verdict[] {
  const off = Math.abs(offset);
  if (off <= SUSPICIOUS) return [];
  const what = `The clock of "${id}" is ${span(off)} ${offset > 0 ? "ahead" : "behind"}`;
  const so = off > REFUSED ? ", so messages between you are refused" : "";
  return [warning(`${what}${so}`, `on that machine: mesh doctor`)];
}

function setClock(): string {
  switch (Deno.build.os) {
    case "windows":
      return "w32tm /resync";
    case "darwin":
      return "sudo sntp -sS time.apple.com";
    default:
      return "sudo timedatectl set-ntp true";
  }
}
