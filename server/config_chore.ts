/**
 * Taking notice of a changed configuration while a daemon runs: what a gateway says about itself, such as
 * the URL that a tunnel has given it, counts from then on. Where it listens counts at the next start.
 *
 * @module
 */
import { codeOf } from "../lib/error.ts";
import { ogpConfig } from "../lib/ogp/config.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import type { Chore } from "./chores.ts";
import { fileMark } from "./file_mark.ts";

/** Milliseconds between looks at the file's time, which cost next to nothing. */
const LOOK_EVERY = 1_000;

/**
 * The chore of reading a gateway's configuration anew when its file has changed.
 *
 * @param node The gateway; its `config` is replaced by the new one.
 * @returns The chore. A file that is not valid is told once, and what was valid before goes on.
 */
export function configChore(node: OgpNode): Chore {
  const section = ogpConfig(node.state.store);
  const path = `${node.state.root}/config.json`;
  // Between opening the node and the first look it may have changed already.
  let known: string | undefined;
  return {
    everyMs: LOOK_EVERY,
    first: true,
    async run() {
      const mark = await fileMark(path);
      if (mark === known) return;
      known = mark;
      try {
        Object.assign(node, { config: await section.read() });
      } catch (error) {
        // A file that cannot be read right now is tried again, one with a mistake in it is not.
        if (codeOf(error) !== "config_invalid") known = undefined;
        throw error;
      }
    },
  };
}
