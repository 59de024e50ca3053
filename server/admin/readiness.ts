/**
 * Whether a daemon can do its work right now: each condition by itself, side by side, none waited for long.
 *
 * @module
 */
import { messageOf } from "../../lib/error.ts";

/** A condition for being ready: passes, or throws why not. */
export type ReadyCheck = () => void | Promise<void>;

/** What is wrong, by condition; nothing if the daemon is ready. */
export type Readiness = Readonly<Record<string, string | null>>;

/** Milliseconds that a condition may take. */
const PATIENCE = 2_000;

/**
 * Looks at all conditions.
 *
 * @param checks The conditions, by name.
 * @returns For each why it is not met, or `null` if it is.
 */
export async function readiness(
  checks: Readonly<Record<string, ReadyCheck>>,
): Promise<Readiness> {
  const looks = Object.entries(checks).map(async ([name, check]) => [name, await problem(check)]);
  return Object.fromEntries(await Promise.all(looks));
}

/**
 * The condition that the state directory can be written to, without which nothing can be accepted.
 *
 * @param root The state directory.
 * @returns The condition.
 */
export function canStore(root: string): ReadyCheck {
  return async () => {
    const path = `${root}/run/.ready-${crypto.randomUUID()}`;
    try {
      await Deno.writeTextFile(path, "ready\n", { createNew: true, mode: 0o600 });
    } finally {
      await Deno.remove(path).catch(() => {});
    }
  };
}

async function problem(check: ReadyCheck): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${PATIENCE / 1000} seconds`), PATIENCE);
  });
  const look = async () => {
    await check();
    return null;
  };
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
  }
}
