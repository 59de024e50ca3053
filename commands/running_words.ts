/**
 * What is said of what runs on a state directory.
 *
 * @module
 */
import type { Running } from "../lib/run/run_file.ts";

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
