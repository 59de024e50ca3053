/** What `mesh discovery` does. @module */
import { documentCodec } from "../lib/store/document_codec.ts";
import { cardOf, readIdentity } from "../lib/mesh/identity_record.ts";
import { PROTOCOL } from "../lib/mesh/protocol.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { openFileStore } from "../lib/store/file_store.ts";
import { damageReporter, stateDirectory } from "./state_directory.ts";

/**
 * Prints the card.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const store = openFileStore(root, { onDamage: damageReporter(context) });
  const documents = store.collection("", documentCodec);
  const card = cardOf(await readIdentity({ root, documents }));
  terminal.document({ ok: true, protocol: PROTOCOL, agent: card });
  terminal.line(`agent        ${card.agent_id}`);
  terminal.line(`name         ${card.display_name}`);
  terminal.line(`endpoint     ${card.endpoint}`);
  terminal.line(`fingerprint  ${card.fingerprint}`);
}
