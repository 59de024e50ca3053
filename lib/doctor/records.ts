/**
 * Whether every record can be read.
 *
 * @module
 */
import { dirname, join, relative } from "node:path";
import { MeshError } from "../error.ts";
import type { DamageReport } from "../store/damage.ts";
import { EXTENSION } from "../store/listing.ts";
import { encodeName } from "../store/names.ts";
import { accessFix } from "./access.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { everyRecord, type Reading } from "./every_record.ts";
import type { Tally } from "./survey.ts";
import { continued, count, shellWord, some } from "./words.ts";

/** Milliseconds to read in. What a laptop holds takes a fraction of it. */
const READ_MS = 8_000;

/** So many files get a line of their own; beyond that they are counted. */
const LINES = 5;

/** Reads peers, requests, messages and the outbox. */
export const records: Check = {
  name: "records",
  async run(context, signal) {
    const { seen, total, unreadable } = await readAll(context, signal);
    const { setAside, unseen } = await context.survey();
    const problems = [
      ...unreadable,
      ...notUsable(context.damage),
      ...asideVerdicts(context, setAside),
      ...unseenVerdicts(context, unseen),
    ];
    if (problems.length > 0) return problems;
    if (total === 0) return ok("There are no records yet");
    if (seen === total) return ok(`${count(total, "record")} can be read`);
    return ok(
      `${seen.toLocaleString("en-US")} of ${count(total, "record")} can be read; ` +
        "for the rest there was no time",
    );
  },
};

async function readAll(context: DoctorContext, signal: AbortSignal) {
  const { state } = context;
  const until = performance.now() + READ_MS;
  const isOver = () => signal.aborted || performance.now() > until;
  const unreadable: Verdict[] = [];
  let [seen, total] = [0, 0];
  const collections = [
    state.peers,
    state.requestsIn,
    state.requestsOut,
    state.outbox,
    state.failed,
    state.messagesIn,
    state.messagesOut,
  ];
  for (const collection of collections) {
    try {
      const reading = await everyRecord<unknown>(collection, () => {}, isOver);
      seen += reading.seen;
      total += reading.total;
      unreadable.push(...faultVerdicts(context, reading));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      unreadable.push(failure(error.message, accessFix(state.root, error)));
    }
  }
  return { seen, total, unreadable };
}

function faultVerdicts({ state: { root } }: DoctorContext, { faults, fault }: Reading): Verdict[] {
  if (!fault) return [];
  const such = faults === 1 ? "" : `${count(faults, "record")} cannot be opened, such as: `;
  return [
    failure(`${such}${such ? continued(fault.message) : fault.message}`, accessFix(root, fault)),
  ];
}

/** Sound perhaps, but of another version or another program: left where they are. */
function notUsable(damage: readonly DamageReport[]): Verdict[] {
  const left = damage.filter(({ movedTo }) => movedTo === undefined);
  const verdicts = left.slice(0, LINES).map(({ path, reason }) =>
    warning(`"${path}" cannot be used: ${continued(reason)}`, `cat ${shellWord(path)}`)
  );
  const rest = left.length - verdicts.length;
  if (rest > 0) verdicts.push(warning(`${count(rest, "more record")} cannot be used`));
  return verdicts;
}

function asideVerdicts({ state: { root }, damage }: DoctorContext, found: Tally): Verdict[] {
  const reasons = new Map(
    damage.flatMap(({ movedTo, reason }) => movedTo ? [[relative(root, movedTo), reason]] : []),
  );
  const names = new Set([...reasons.keys(), ...found.names]);
  const number = Math.max(names.size, found.count);
  if (number === 0) return [];
  const [name = ""] = names;
  const reason = reasons.get(name);
  const what = number === 1
    ? `1 damaged record was set aside: "${name}"${reason ? ` (${continued(reason)})` : ""}`
    : `${count(number, "damaged record")} were set aside: ${some([...names], number)}`;
  const folders = [...new Set([...names].map((name) => join(root, dirname(name))))];
  const files = folders.slice(0, LINES).map((folder) => `${shellWord(`${folder}/`)}*.corrupt-*`);
  const advice = "mend and rename, or delete, what you find there";
  return [warning(`${what}; ${advice}`, `ls -l ${files.join(" ")}`)];
}

/** Another program wrote them under names as they came; the store escapes what is not ordinary. */
function unseenVerdicts(
  { state: { root } }: DoctorContext,
  { names, count: number }: Tally,
): Verdict[] {
  const verdicts = names.slice(0, LINES).map((name) => {
    const path = join(root, name);
    const renamed = properName(path);
    return warning(
      `"${path}" is not seen: its name is not one that this program gives to a record`,
      renamed === undefined
        ? `ls -l ${shellWord(path)}`
        : `mv -n ${shellWord(path)} ${shellWord(renamed)}`,
    );
  });
  const rest = number - verdicts.length;
  if (rest > 0) {
    verdicts.push(warning(`${count(rest, "more file")} are not seen for the same reason`));
  }
  return verdicts;
}

function properName(path: string): string | undefined {
  const folder = dirname(path);
  const id = path.slice(folder.length + 1, -EXTENSION.length);
  try {
    return join(folder, encodeName(id) + EXTENSION);
  } catch {
    return undefined;
  }
}
