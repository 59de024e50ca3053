/**
 * Doing what a gateway is ordered to while it runs.
 *
 * @module
 */
import type { OcgGateway } from "./gateway.ts";
import {
  type AccountReport,
  accountReport,
  type ChannelOrder,
  type OcgAnswer,
  type OcgOrder,
  readOcgOrder,
} from "./orders.ts";
import { say } from "./say.ts";
import { readSend } from "./send_body.ts";

/** What orders are about. */
export interface OrderParts {
  /** The gateway. */
  readonly gateway: OcgGateway;
  /** Reads the configuration again and lets the gateway take it. */
  readonly reload: () => Promise<void>;
  /** The link to the page to chat on, if it is served. */
  readonly webchatUrl: () => string | undefined;
}

/**
 * Does what an order says.
 *
 * @param parts What orders are about.
 * @param value The order, as it came.
 * @param signal Aborts when nobody waits for it any more.
 * @returns The answer.
 * @throws {MeshError} `malformed`, and what the gateway throws.
 */
export async function takeOcgOrder(
  parts: OrderParts,
  value: unknown,
  signal: AbortSignal,
): Promise<OcgAnswer<OcgOrder>> {
  const { gateway } = parts;
  const order = readOcgOrder(value);
  switch (order.do) {
    case "status": {
      const url = parts.webchatUrl();
      return { accounts: reports(gateway), ...(url === undefined ? {} : { webchat: { url } }) };
    }
    case "reload":
      await parts.reload();
      return { accounts: reports(gateway) };
    case "channel":
      await changeChannel(gateway, order);
      return { accounts: reports(gateway, order) };
    case "send":
      return { messageIds: await say(gateway, readSend(value), signal) };
  }
}

async function changeChannel(
  gateway: OcgGateway,
  { action, channel, account }: ChannelOrder,
): Promise<void> {
  if (action !== "start") await gateway.stopChannel(channel, account);
  if (action !== "stop") await gateway.startChannel(channel, account);
}

function reports(
  gateway: OcgGateway,
  { channel, account }: { channel?: string; account?: string | undefined } = {},
): AccountReport[] {
  return gateway.status()
    .filter((one) => channel === undefined || one.channel === channel)
    .filter((one) => account === undefined || one.account === account)
    .map(accountReport);
}
