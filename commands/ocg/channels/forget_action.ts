/** What `mesh ocg channels forget` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { removePairing } from "../../../lib/ocg/pairing.ts";
import { openOcgState } from "../../../lib/ocg/state.ts";
import type { ActionContext } from "../../define.ts";
import { damageReporter, stateDirectory } from "../../state_directory.ts";
import { safeText } from "../../terminal.ts";
import { nameOf } from "./accounts.ts";
import type { ForgetFlags } from "./letting_in.ts";
import { listPeople, type Person, personName } from "./people_list.ts";

/**
 * Takes back that a person was let in.
 *
 * @param context The terminal.
 * @param flags Where.
 * @param selector The person's id or code.
 */
export default async function (
  context: ActionContext,
  flags: ForgetFlags,
  selector: string,
): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  using state = openOcgState(root, { onDamage: damageReporter(context) });
  const people = (await listPeople(state, context.env)).filter((one) =>
    (flags.channel === undefined || one.channel === flags.channel) &&
    (flags.account === undefined || one.account === flags.account)
  );
  const found = people.filter(({ id, code }) =>
    id === selector || code === selector.trim().toUpperCase()
  );
  const named = found.filter(({ status }) => status === "named");
  const person = theOne(found.filter(({ status }) => status !== "named"), named, selector);
  const { channel, account, id, name, status } = person;
  await removePairing(state, { channel, account, sender: id });
  const isNamed = named.some((one) => nameOf(one) === nameOf(person));
  terminal.document({ ok: true, channel, account, id, name, was: status, still_named: isNamed });
  terminal.line(`${safeText(personName(person))} is a stranger on ${nameOf(person)} again.`);
  if (isNamed) terminal.warn(`"allowFrom" in ocg.json still names ${safeText(id)}`);
}

function theOne(paired: readonly Person[], named: readonly Person[], selector: string): Person {
  const [first, second] = paired;
  if (first && !second) return first;
  if (first && second) {
    throw new MeshError("ambiguous", `"${selector}" is known on ${paired.map(nameOf).join(", ")}`, {
      hint:
        `mesh ocg channels forget ${selector} --channel ${first.channel} --account ${first.account}`,
    });
  }
  if (named.length > 0) {
    throw new MeshError("not_found", `"${selector}" was not let in by a code, but by ocg.json`, {
      hint: 'take the id out of "allowFrom" in ocg.json, then: mesh ocg restart',
    });
  }
  throw new MeshError("not_found", `Nobody "${selector.slice(0, 100)}" was let in or asks`, {
    hint: "mesh ocg channels people",
  });
}
