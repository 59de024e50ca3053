/**
 * A plugin asks for a reply with everything it knows about a message: what of it makes a message of ours.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { fields, text, type Unknown } from "./any.ts";
import { HostError } from "./failure.ts";
import { type InboundMessage, LONGEST_TEXT } from "./wire.ts";

/** A message, with the address that the plugin itself would answer to. */
export interface Incoming {
  /** The message. */
  readonly message: InboundMessage;
  /** Where the plugin sends answers. */
  readonly to: string;
}

/**
 * Reads a context of OpenClaw's, by the names that its fields have there.
 *
 * @param value The context.
 * @param channel The channel's id, which addresses may begin with.
 * @returns The message.
 * @throws {HostError} if it does not say where it comes from.
 */
export function readContext(value: unknown, channel: string): Incoming {
  const ctx = fields(value);
  const to = text(ctx.OriginatingTo) ?? text(ctx.From) ?? text(ctx.To);
  if (to === undefined) throw new HostError("plugin", "The plugin brought a message from nowhere");
  const sender = text(ctx.SenderId) ?? withoutChannel(text(ctx.From) ?? to, channel);
  const said = textOf(ctx);
  const sentAt = timeOf(ctx.Timestamp);
  const kind = kindOf(ctx);
  const id = text(ctx.MessageSidFull) ?? text(ctx.MessageSid) ??
    `${sentAt}:${digest(sender, said)}`;
  return {
    to,
    message: {
      id: id.slice(0, 2000),
      chat: withoutChannel(to, channel),
      kind,
      sender: { id: sender, name: text(ctx.SenderName) ?? text(ctx.SenderUsername) ?? sender },
      text: said.slice(0, LONGEST_TEXT),
      // A plugin that asks for a reply in a group has looked whether the bot was meant, if it says nothing.
      addressed: kind === "direct" || ctx.WasMentioned !== false,
      sentAt,
    },
  };
}

/**
 * An address as the gateway names it: the channel's name in front would be there twice.
 *
 * @param address Such as `qqbot:c2c:1234`.
 * @param channel Such as `qqbot`.
 * @returns Such as `c2c:1234`.
 */
export function withoutChannel(address: string, channel: string): string {
  return address.startsWith(`${channel}:`) ? address.slice(channel.length + 1) : address;
}

function kindOf({ ChatType, MessageThreadId }: Unknown): InboundMessage["kind"] {
  if (ChatType === undefined || ChatType === "direct") return "direct";
  return ChatType === "thread" || text(MessageThreadId) !== undefined ? "thread" : "group";
}

/** What was written, else what it is beside text. */
function textOf(ctx: Unknown): string {
  for (const name of ["RawBody", "CommandBody", "BodyForAgent", "Body"]) {
    const found = ctx[name];
    if (typeof found === "string" && found.trim() !== "") return found;
  }
  const type = text(ctx.MediaType) ?? text(fields(ctx.MediaTypes)[0]);
  return type ?? text(ctx.MediaPath) ?? text(ctx.MediaUrl)
    ? `[${type?.split("/")[0] ?? "file"}]`
    : "";
}

function timeOf(value: unknown): number {
  const time = typeof value === "string" ? Date.parse(value) : Number(value);
  return Number.isFinite(time) && time > 0 && time < 8.64e15 ? time : Date.now();
}

function digest(...parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
