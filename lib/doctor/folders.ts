/**
 * Whether the state directory is its owner's alone: modes, ownership.
 *
 * @module
 */
import { takeOver } from "./access.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import { count, shellWord, some } from "./words.ts";

/** Looks at the folders' modes and at whom files belong to. */
export const folders: Check = {
  name: "folders",
  async run(context) {
    const { root } = context.state;
    const path = shellWord(root);
    const found = await context.survey();
    if (found.root === "absent") return ok(`"${root}" is not there yet`);
    if (found.root === "other") {
      // Whose file it is, nobody here knows: a slip in --state-dir may name any.
      return failure(`"${root}" is not a folder`, `ls -l ${path}`);
    }
    const verdicts: Verdict[] = [];
    if (found.unreadable.count > 0) {
      const { count: number, names } = found.unreadable;
      verdicts.push(
        failure(
          `${count(number, "folder")} cannot be read: ${some(names, number)}`,
          takeOver(root),
        ),
      );
    }
    if (found.foreign.count > 0) {
      const { count: number, names } = found.foreign;
      const things = number === 1
        ? "1 file or folder belongs"
        : `${number} files or folders belong`;
      verdicts.push(
        warning(
          `${things} to another user than "${root}" does: ${some(names, number)}`,
          takeOver(root),
        ),
      );
    }
    if (found.rootIsOpen || found.open.count > 0) {
      verdicts.push(warning(openFolders(root, found), `chmod -R go-rwx ${path}`));
    }
    if (verdicts.length > 0) return verdicts;
    return Deno.build.os === "windows"
      ? ok(`"${root}" is there; who may look into it is up to Windows`)
      : ok(`"${root}" is its owner's alone`);
  },
};

function openFolders(
  root: string,
  { rootIsOpen, open }: { rootIsOpen: boolean; open: { count: number; names: readonly string[] } },
): string {
  const inner = open.count > 0 ? `${count(open.count, "folder")} below it` : "";
  const named = open.count > 0 ? `: ${some(open.names, open.count)}` : "";
  if (!rootIsOpen) {
    return `Modes let others into ${inner.replace("below it", `below "${root}"`)}${named}`;
  }
  return `Others on this machine may look into "${root}"${inner && ` and ${inner}`}${named}`;
}
