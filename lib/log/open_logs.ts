/**
 * All files of a daemon's log at once, although its writer may set them aside at any moment.
 *
 * @module
 */
import { logPath } from "./log_path.ts";
import { LogTail } from "./read_file.ts";

/**
 * Opens the files of a daemon's log. The youngest is opened first: a file that is set aside meanwhile gets a
 * higher number, and is seen twice instead of missed.
 *
 * @param root The state directory.
 * @param daemon What the daemon runs as.
 * @param oldest The highest number that a file has.
 * @param isWanted Whether a file is worth opening; all are by default.
 * @returns The files, each once, the oldest first; whoever gets them closes them.
 */
export async function openLogs(
  root: string,
  daemon: string,
  oldest: number,
  isWanted: (path: string) => Promise<boolean> = () => Promise.resolve(true),
): Promise<LogTail[]> {
  const path = logPath(root, daemon);
  const tails: LogTail[] = [];
  // One more than there was: all may move on by one.
  for (let age = 0; age <= oldest + 1; age++) {
    const name = age === 0 ? path : `${path}.${age}`;
    const tail = await isWanted(name) ? await LogTail.open(name) : undefined;
    if (!tail) continue;
    const isKnown = tail.inode !== null && tails.some(({ inode }) => inode === tail.inode);
    if (isKnown) tail[Symbol.dispose]();
    else tails.push(tail);
  }
  return tails.reverse();
}
