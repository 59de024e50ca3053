/**
 * The newest records of a folder that may have very many. A look at each file costs more than reading all
 * of their names, so such a folder has a journal (`arrivals_text.ts`) of the records that may have changed
 * since it was begun, the newest of that time among them. Only those are looked at.
 *
 * That this is enough is proved each time. The names in the folder that the journal does not name must come
 * to the same sum as when it was begun; then each of those records was there, was looked at, and has not
 * been touched by us since, so that none of them is newer than the newest of them was. If the sum is
 * another one, because another program was at work or a line got lost, every file is looked at, and the
 * journal is begun anew. The clock plays no part in this.
 *
 * What may go unnoticed is another program that changes one of those records, which then keeps its old place
 * in the order until the journal is begun anew: always if it writes into the file; if it puts another file
 * in its place, only if a change of ours came within two seconds before, or before the next listing.
 *
 * @module
 */

import { beginJournal } from "./arrivals_beginning.ts";
import { ArrivalsJournal } from "./arrivals_journal.ts";
import type { Others } from "./arrivals_text.ts";
import { Breather } from "./breather.ts";
import { type Choice, choose, Chosen, positionOf } from "./choose.ts";
import type { FileSystem } from "./file_system.ts";
import { isCounted, visitNames } from "./listing.ts";
import { comparing, type Position } from "./position.ts";
import type { RootContext } from "./root_context.ts";
import { NameSum } from "./name_sum.ts";

/** Folders of fewer records have no journal; so many of the newest are named when one is begun. */
export const JOURNAL_FROM = 2_000;

/**
 * Milliseconds by which a folder may be younger than its journal: from a line to the change. If it is more,
 * somebody has changed the folder without a line.
 */
const SLACK = 2_000;

/** Windows cannot tell one file from another here, and so not one journal from the next. */
export const JOURNALS = Deno.build.os !== "windows";

/**
 * Chooses the newest records of a folder.
 *
 * @param context The root that it belongs to.
 * @param name The collection's path below the root.
 * @param directory The folder.
 * @param choice Which ones, in the order `newest`.
 * @returns Their positions, in order.
 * @throws What the system says.
 */
export async function chooseNewest(
  context: RootContext,
  name: string,
  directory: string,
  choice: Choice,
): Promise<Position[]> {
  const { fs, journalFrom } = context;
  const all = () => choose(fs, directory, choice);
  if (choice.count > journalFrom) return await all();
  using journal = ArrivalsJournal.open(fs, directory);
  if (journal !== undefined) {
    const chosen = await chooseByJournal(context, directory, journal, choice);
    if (Array.isArray(chosen)) return chosen;
    if (chosen === "out of reach") return await all();
  } else {
    const few = await chooseOfFew(context, directory, choice);
    if (few !== undefined) return few;
  }
  if (context.readonly) return await all();
  return await beginJournal(context, name, directory, choice) ?? await all();
}

/** What the journal leads to; `void` if it is not good any more. */
async function chooseByJournal(
  { fs, journalFrom }: RootContext,
  directory: string,
  journal: ArrivalsJournal,
  choice: Choice,
): Promise<Position[] | "out of reach" | "void"> {
  const changedAt = changeTime(fs, directory);
  journal.read();
  const others = journal.others;
  if (!journal.sound || others === undefined || changedAt > journal.writtenAt + SLACK) {
    return "void";
  }
  const chosen = await chooseNamed(fs, directory, journal, others, choice);
  if (chosen === undefined) {
    const isWornOut = choice.after === undefined && choice.count <= journalFrom / 2;
    return isWornOut ? "void" : "out of reach";
  }
  return await areThere(fs, directory, journal, others) ? chosen : "void";
}

/** Chooses among the named; `undefined` if one of the others might belong to the choice. */
async function chooseNamed(
  fs: FileSystem,
  directory: string,
  journal: ArrivalsJournal,
  others: Others,
  choice: Choice,
): Promise<Position[] | undefined> {
  const compare = comparing("newest");
  const chosen = new Chosen(choice);
  using breather = new Breather();
  for (const fileName of journal.fileNames) {
    const position = positionOf(fs, directory, fileName);
    if (position === undefined) continue;
    if (others.newest === undefined || compare(position, others.newest) < 0) chosen.add(position);
    if (breather.isDue) await breather.breathe();
  }
  const positions = chosen.sorted();
  return positions.length >= choice.count || others.names.count === 0 ? positions : undefined;
}

/** Whether the files that are not named are those of the time when the journal was begun. */
async function areThere(
  fs: FileSystem,
  directory: string,
  journal: ArrivalsJournal,
  others: Others,
): Promise<boolean> {
  const found = new NameSum(others.names.parts[0]);
  journal.start();
  await visitNames(fs, directory, (fileNames) => {
    // Whoever creates a record meanwhile has named it before it came up here.
    journal.read();
    for (const fileName of fileNames) {
      if (isCounted(fileName) && !journal.names(fileName)) found.add(fileName);
    }
  });
  return journal.sound && found.equals(others.names);
}

/** Chooses in a folder that needs no journal; `undefined` if it has too many records for that. */
async function chooseOfFew(
  { fs, journalFrom }: RootContext,
  directory: string,
  choice: Choice,
): Promise<Position[] | undefined> {
  const chosen = new Chosen(choice);
  const found: string[] = [];
  await visitNames(fs, directory, (fileNames) => {
    for (const fileName of fileNames) if (isCounted(fileName)) found.push(fileName);
    return found.length < journalFrom;
  });
  if (found.length >= journalFrom) return undefined;
  for (const fileName of found) {
    const position = positionOf(fs, directory, fileName);
    if (position !== undefined) chosen.add(position);
  }
  return chosen.sorted();
}

/** When a name in a folder last changed; long ago if that cannot be told. */
function changeTime(fs: FileSystem, directory: string): number {
  try {
    return fs.lstatSync(directory).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}
