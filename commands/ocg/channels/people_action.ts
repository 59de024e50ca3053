/** What `mesh ocg channels people` does. @module */
import { openOcgState } from "../../../lib/ocg/state.ts";
import type { ActionContext } from "../../define.ts";
import { damageReporter, stateDirectory } from "../../state_directory.ts";
import { ago } from "../../text.ts";
import { nameOf } from "./accounts.ts";
import type { MaybeChannelFlags } from "./arguments.ts";
import { listPeople, type Person, personName } from "./people_list.ts";

const COLUMNS = [
  { title: "CHANNEL" },
  { title: "PERSON" },
  { title: "STATE" },
  { title: "SINCE" },
  { title: "CODE" },
];

const STATES: Readonly<Record<Person["status"], string>> = {
  pending: "asks to be let in",
  approved: "let in",
  named: "in ocg.json",
};

/**
 * Lists people.
 *
 * @param context The terminal.
 * @param flags Of which channel.
 */
export default async function (context: ActionContext, flags: MaybeChannelFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  using state = openOcgState(root, { onDamage: damageReporter(context) });
  const people = (await listPeople(state, context.env))
    .filter(({ channel }) => flags.channel === undefined || channel === flags.channel);
  terminal.document({ ok: true, people });
  if (people.length === 0) {
    terminal.line("Nobody was let in, and nobody asks.");
    return;
  }
  terminal.table(
    COLUMNS,
    people.map((one) => [
      nameOf(one),
      one.id === "*" ? "everybody" : personName(one),
      STATES[one.status],
      one.since === null ? "-" : ago(new Date(one.since)),
      one.code ?? "-",
    ]),
  );
  if (terminal.json) return;
  if (people.some(({ status }) => status === "pending")) {
    terminal.note("let somebody in who told you a code: mesh ocg channels approve CODE");
  }
}
