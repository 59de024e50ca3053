/**
 * What is said of what runs on a state directory.
 *
 * @module
 */
import { logPath } from "../lib/log/log_path.ts";
import { listRunning, type Running, UP } from "../lib/run/run_file.ts";

/** The commands by what they are announced as. */
const COMMANDS: Readonly<Record<string, string>> = {
  up: "mesh up",
  serve: "mesh serve",
  ogp: "mesh ogp start",
  ocg: "mesh ocg start",
  expose: "mesh ogp expose",
};

/**
 * What something that runs is called.
 *
 * @param running It.
 * @returns The command that it was started by.
 */
export function runningName({ name }: Pick<Running, "name">): string {
  return COMMANDS[name] ?? name;
}

/** What each surface is, by what it is announced as. */
const SURFACES: Readonly<Record<string, string>> = {
  serve: "Agent Mesh V1",
  ogp: "OGP",
  ocg: "chat channels",
};

/**
 * What a surface is called.
 *
 * @param name What it is announced as.
 * @returns Its name for people.
 */
export function surfaceName(name: string): string {
  return SURFACES[name] ?? name;
}

/**
 * The surfaces among what runs. A process of `mesh up` is announced where its admin surface listens.
 *
 * @param running What runs.
 * @returns Each surface; a process without an admin surface is none itself.
 */
export function surfacesOf(running: readonly Running[]): Running[] {
  return running.filter(({ name, port }) => name !== UP || port !== 0)
    .map((one) => one.name === UP ? { ...one, name: "admin" } : one);
}

/**
 * Where the process of something that runs writes its log.
 *
 * @param root The state directory.
 * @param running A surface; one of `mesh up` shares the log of that process.
 * @returns The path.
 */
export async function logOf(root: string, { name, pid }: Running): Promise<string> {
  const all = await listRunning(root);
  const isWhole = all.some((one) => one.name === UP && one.pid === pid);
  return logPath(root, isWhole ? UP : name);
}
