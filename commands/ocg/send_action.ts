/** What `mesh ocg send` does. @module */
import { MeshError } from "../../lib/error.ts";
import { ocgOrder } from "../../lib/ocg/order_client.ts";
import { decodeUtf8 } from "../../lib/signing/utf8.ts";
import type { ActionContext } from "../define.ts";
import { readInput } from "../input.ts";
import { stateDirectory } from "../state_directory.ts";
import { safeText } from "../terminal.ts";
import type { SendFlags } from "./send.ts";

/** Most bytes of a text. */
const LARGEST = 1024 * 1024;
/** Milliseconds that it may take: platforms let one wait. */
const PATIENCE = 60_000;

/**
 * Says something in a chat.
 *
 * @param context The terminal.
 * @param flags What, and where.
 */
export default async function (context: ActionContext, flags: SendFlags): Promise<void> {
  const { terminal } = context;
  const { channel, to: target, mediaUrl, replyTo } = flags;
  const root = stateDirectory(flags, context.env);
  if (flags.text === undefined && mediaUrl === undefined) {
    throw new MeshError("usage", "There is nothing to say", {
      hint: `mesh ocg send --channel ${channel} --to ${target} --text "…"`,
    });
  }
  if (mediaUrl !== undefined && !/^https?:\/\//.test(URL.parse(mediaUrl)?.href ?? "")) {
    throw new MeshError("usage", `Cannot read "${mediaUrl}" as the http(s) URL of a file`);
  }
  const text = flags.text === "-" ? decodeUtf8(await readInput("-", LARGEST)) : flags.text;
  if (text !== undefined && text.trim() === "" && mediaUrl === undefined) {
    throw new MeshError("usage", "The text is empty");
  }
  const account = flags.account ?? await onlyAccount(root, channel);
  const order = { do: "send", channel, account, target, text, mediaUrl, replyTo } as const;
  const { messageIds } = await ocgOrder(root, order, { patienceMs: PATIENCE });
  terminal.document({ ok: true, channel, account, to: target, messageIds });
  const parts = messageIds.length > 1 ? ` in ${messageIds.length} messages` : "";
  const ids = messageIds.map(safeText).join(", ");
  terminal.line(
    `Sent to ${safeText(target)} on ${safeText(channel)}/${safeText(account)}${parts} (${ids}).`,
  );
}

/** The account that is meant if none is named. */
async function onlyAccount(root: string, channel: string): Promise<string> {
  const { accounts } = await ocgOrder(root, { do: "status" });
  const names = accounts.filter((one) => one.channel === channel).map(({ account }) => account);
  if (names.includes("default")) return "default";
  const [first, second] = names;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) {
    throw new MeshError("not_found", `The gateway has no channel "${channel}"`, {
      hint: "mesh ocg channels list",
    });
  }
  throw new MeshError("ambiguous", `Channel "${channel}" has the accounts ${names.join(", ")}`, {
    hint: `--account ${first}`,
  });
}
