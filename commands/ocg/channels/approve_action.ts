/** What `mesh ocg channels approve` does. @module */
import { messageOf } from "../../../lib/error.ts";
import { ocgDaemons, ocgOrder } from "../../../lib/ocg/order_client.ts";
import { approvePairing } from "../../../lib/ocg/pairing.ts";
import type { PairingRecord } from "../../../lib/ocg/records.ts";
import { openOcgState } from "../../../lib/ocg/state.ts";
import { targetOf } from "../../../lib/ocg/target.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { damageReporter, stateDirectory } from "../../state_directory.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { nameOf } from "./accounts.ts";
import { personName } from "./people_list.ts";

/** What the person reads: what was written before was not kept. */
const WELCOME = "My owner has let you in. Please write again what you wanted to say.";

/** Milliseconds that the person may be waited for. */
const PATIENCE = 15_000;

/**
 * Lets a person in.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param code What the person was told.
 */
export default async function (
  context: ActionContext,
  flags: CommonFlags,
  code: string,
): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  using state = openOcgState(root, { onDamage: damageReporter(context) });
  const record = await approvePairing(state, code, new Date());
  const told = await tell(terminal, root, record);
  const { channel, account, sender } = record;
  terminal.document({ ok: true, channel, account, id: sender.id, name: sender.name, told });
  const who = safeText(personName(sender));
  terminal.line(`${who} may talk to the agent on ${nameOf(record)} now.`);
  if (terminal.json) return;
  terminal.note(told ? "The person was told." : "The person was not told: say that it works now.");
  terminal.note(`take it back: mesh ocg channels forget ${safeText(sender.id)}`);
}

/** Whether the person was told. Being let in does not depend on it. */
async function tell(terminal: Terminal, root: string, record: PairingRecord): Promise<boolean> {
  const { channel, account, chat } = record;
  if ((await ocgDaemons(root)).length === 0) return false;
  try {
    // Written out, as an id may look like an address.
    const target = targetOf({ channel, kind: "direct", chat });
    const order = { do: "send", channel, account, target, text: WELCOME } as const;
    await ocgOrder(root, order, { patienceMs: PATIENCE });
    return true;
  } catch (error) {
    terminal.warn(safeText(messageOf(error)));
    return false;
  }
}
