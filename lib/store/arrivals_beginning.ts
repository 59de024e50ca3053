/**
 * Beginning an arrivals journal (`arrivals_text.ts`): an empty one is put in place, so that writers name
 * what they change from then on; then every file is looked at, and what that comes to is appended. Of any
 * number of processes, one does this at a time. If it is killed, the next one starts over.
 *
 * @module
 */

import { ArrivalsJournal } from "./arrivals_journal.ts";
import { LOOK_INTERVAL } from "./arrivals_notes.ts";
import { JOURNAL_NAME, printBeginning } from "./arrivals_text.ts";
import { replaceFile } from "./atomic_write.ts";
import { type Choice, Chosen, positionOf } from "./choose.ts";
import { EXTENSION, isCounted, visitNames } from "./listing.ts";
import { encodeName } from "./names.ts";
import { NameSum } from "./name_sum.ts";
import type { Position } from "./position.ts";
import type { RootContext } from "./root_context.ts";
import type { Lock } from "./store.ts";

/**
 * Begins the journal of a folder, in place of one that may be there, and chooses records on the way.
 *
 * @param context The root that it belongs to.
 * @param name The collection's path below the root.
 * @param directory The folder.
 * @param choice Which records, in the order `newest`.
 * @returns Their positions, in order; `undefined`, and nothing was chosen, if no journal can be begun now.
 * @throws What the system says when it is asked for the records.
 */
export async function beginJournal(
  context: RootContext,
  name: string,
  directory: string,
  choice: Choice,
): Promise<Position[] | undefined> {
  await using claim = await tryClaim(context, name);
  if (claim === undefined) return undefined;
  try {
    await replaceFile(context, directory, JOURNAL_NAME, new Uint8Array());
  } catch {
    return undefined;
  }
  using journal = ArrivalsJournal.open(context.fs, directory, true);
  if (journal === undefined) return undefined;
  // By then every writer has seen it.
  await new Promise((resolve) => setTimeout(resolve, 2 * LOOK_INTERVAL));
  return await fill(context, directory, journal, choice);
}

async function tryClaim({ locks }: RootContext, name: string): Promise<Lock | undefined> {
  try {
    return await locks.tryClaim(`arrivals ${name}`);
  } catch {
    return undefined;
  }
}

async function fill(
  { fs, journalFrom }: RootContext,
  directory: string,
  journal: ArrivalsJournal,
  choice: Choice,
): Promise<Position[]> {
  const chosen = new Chosen(choice);
  // One more than will be named: the newest of the others.
  const newest = new Chosen({ order: "newest", count: journalFrom + 1 });
  const names = new NameSum(crypto.getRandomValues(new Uint32Array(1))[0]!);
  journal.start();
  await visitNames(fs, directory, (fileNames) => {
    journal.read();
    for (const fileName of fileNames) {
      if (!isCounted(fileName)) continue;
      const position = positionOf(fs, directory, fileName);
      if (position !== undefined) chosen.add(position);
      if (journal.names(fileName)) continue;
      names.add(fileName);
      if (position !== undefined) newest.add(position);
    }
  });
  const positions = newest.sorted();
  const named = positions.splice(0, journalFrom).map(({ id }) => encodeName(id) + EXTENSION);
  const isLarge = names.count >= journalFrom / 2;
  for (const fileName of named) names.remove(fileName);
  const others = { names, newest: positions[0] };
  try {
    if (!isLarge) fs.removeSync(`${directory}/${JOURNAL_NAME}`);
    else journal.append(printBeginning(journal.number, others, [...named, ...journal.fileNames]));
  } catch {
    // A journal without a whole beginning is none; the next listing tries again.
  }
  return chosen.sorted();
}
