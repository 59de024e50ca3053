/**
 * The orders that a gateway takes while it runs, and its answers; all of it is JSON.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import type { ChannelStatus } from "./channel.ts";
import type { AccountStatus } from "./gateway.ts";

/** What to do with a channel. */
export type ChannelAction = "start" | "stop" | "restart";

/** Says how the accounts are. */
export interface StatusOrder {
  /** Which order it is. */
  readonly do: "status";
}

/** Starts or stops a channel, or one account of it. */
export interface ChannelOrder {
  /** Which order it is. */
  readonly do: "channel";
  /** What to do. */
  readonly action: ChannelAction;
  /** The channel's id. */
  readonly channel: string;
  /** The account's name; all of them if it is left out. */
  readonly account?: string | undefined;
}

/** Reads the configuration again. */
export interface ReloadOrder {
  /** Which order it is. */
  readonly do: "reload";
}

/** Says something in a chat. */
export interface SayOrder {
  /** Which order it is. */
  readonly do: "send";
  /** The channel's id. */
  readonly channel: string;
  /** The account's name; `default` if it is left out. */
  readonly account?: string | undefined;
  /** The chat: the platform's id, or `<channel>:<kind>:<id>`. */
  readonly target: string;
  /** The text. */
  readonly text?: string | undefined;
  /** Where a picture or file is. */
  readonly mediaUrl?: string | undefined;
  /** The message that it answers. */
  readonly replyTo?: string | undefined;
}

/** An order. */
export type OcgOrder = StatusOrder | ChannelOrder | ReloadOrder | SayOrder;

/** How an account is, as JSON. */
export interface AccountReport extends Omit<AccountStatus, "status"> {
  /** How its channel is; `since` is ISO 8601. */
  readonly status: Omit<ChannelStatus, "since"> & { readonly since: string };
}

/** The answer about accounts. */
export interface AccountsAnswer {
  /** How they are. */
  readonly accounts: readonly AccountReport[];
}

/** The answer about the whole gateway. */
export interface StatusAnswer extends AccountsAnswer {
  /** The page to chat on, if it is served; whoever has the link is let in. */
  readonly webchat?: { readonly url: string } | undefined;
}

/** The answer to what was said. */
export interface SaidAnswer {
  /** The platform's ids of the messages, in order. */
  readonly messageIds: readonly string[];
}

/** The answer to each order. */
export type OcgAnswer<Order extends OcgOrder> = Order extends StatusOrder ? StatusAnswer
  : Order extends SayOrder ? SaidAnswer
  : AccountsAnswer;

const id = z.string().min(1).max(64);
const shape = z.discriminatedUnion("do", [
  z.looseObject({ do: z.literal("status") }),
  z.looseObject({ do: z.literal("reload") }),
  z.looseObject({
    do: z.literal("channel"),
    action: z.enum(["start", "stop", "restart"]),
    channel: id,
    account: id.optional(),
  }),
  // What is to be said is judged where programs post it, too.
  z.looseObject({ do: z.literal("send") }),
]);

/**
 * Reads an order.
 *
 * @param value A JSON value.
 * @returns The order; what a `send` says is not looked at.
 * @throws {MeshError} `malformed`, also for an order of a later version.
 */
export function readOcgOrder(value: unknown): OcgOrder {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data as unknown as OcgOrder;
  const key = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new MeshError("malformed", `The gateway does not know this order (at "${key}")`, {
    hint: "it may be of another version: mesh ocg restart",
  });
}

/**
 * An account's status as JSON has it.
 *
 * @param status The status.
 * @returns The same with its time as text.
 */
export function accountReport(status: AccountStatus): AccountReport {
  return { ...status, status: { ...status.status, since: status.status.since.toISOString() } };
}
