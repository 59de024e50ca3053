/** What `mesh receive-message` does. @module */
import { join } from "node:path";
import { acknowledgement, messageRecordName, receiveMessage } from "../lib/mesh/messages.ts";
import { textOf } from "../lib/mesh/records.ts";
import { encodeName } from "../lib/store/names.ts";
import type { ActionContext } from "./define.ts";
import { carried, hintAtAge } from "./input.ts";
import { openNode } from "./node.ts";
import type { ReceiveFlags } from "./receive.ts";
import { agentName } from "./text.ts";
import { safeText } from "./terminal.ts";

/**
 * Takes a message in.
 *
 * @param context The terminal.
 * @param flags Whether old ones are taken.
 * @param file The file.
 */
export default async function (
  context: ActionContext,
  flags: ReceiveFlags,
  file: string,
): Promise<void> {
  const { terminal } = context;
  const node = await openNode(context, flags);
  const bytes = await carried(file);
  const { state, message, peer } = await receiveMessage(node, bytes, {
    source: "file",
    allowOld: flags.allowOld,
  }).catch((error) => hintAtAge(error, `mesh receive-message --allow-old ${file}`));
  const { message_id } = message;
  const name = `${encodeName(messageRecordName(message_id, peer))}.json`;
  terminal.document({
    verified: true,
    message_id,
    saved: join(node.state.root, "messages", "incoming", name),
    ack: acknowledgement(message_id, node.now()),
  });
  const said = state === "new" ? "Received" : "Received before";
  terminal.line(`${said}: ${safeText(`${message_id} from ${agentName(peer)}`)}`);
  terminal.line(`  ${safeText(textOf(message.body))}`);
}
