/**
 * The one outbox of a root, with a way to send for each protocol that could be opened: whoever works on it,
 * daemon or command, delivers whatever is in it.
 *
 * @module
 */
import { type Carrier, Outbox } from "../lib/delivery/outbox.ts";
import { retryPolicy } from "../lib/delivery/retry_policy.ts";
import { MeshError } from "../lib/error.ts";
import type { MeshNode } from "../lib/mesh/node.ts";
import { meshCarriers } from "../lib/mesh/outgoing.ts";
import { HANDOVER_PROTOCOL, HANDOVER_RULES } from "../lib/ogp/handover/entry.ts";
import { type OgpNode, openOgpNode } from "../lib/ogp/node.ts";

/** What of a root could be opened; at least one of them. */
export interface RootNodes {
  /** The root as a node of Agent Mesh V1. */
  readonly mesh?: MeshNode | undefined;
  /** The root as a gateway of OGP. */
  readonly ogp?: OgpNode | undefined;
  /** The present; by default that of the nodes. */
  readonly now?: () => Date;
}

/** What is said to peers of OGP, as the outbox names it. */
const MESSAGES = ["ogp", "ogp-reply"] as const;

/** What peers of OGP are told about ourselves and our decisions. */
const NEWS = ["ogp-approve", "ogp-removed", "ogp-identity"] as const;

type MessageProtocol = typeof MESSAGES[number];
type NewsProtocol = typeof NEWS[number];

/**
 * The outbox of a root.
 *
 * @param nodes What of the root could be opened.
 * @returns The outbox; entries of a protocol that could not be opened stay as they are.
 * @throws {MeshError} `unexpected` if nothing was opened.
 */
export function rootOutbox({ mesh, ogp, now }: RootNodes): Outbox {
  const node = mesh ?? ogp;
  if (!node) throw new MeshError("unexpected", "There is no node whose outbox this could be");
  const outbox: Outbox = new Outbox({
    store: node.state.store,
    entries: node.state.outbox,
    failed: node.state.failed,
    policy: retryPolicy(),
    carriers: {
      ...(mesh ? meshCarriers(mesh) : {}),
      ...(ogp ? { ...ogpCarriersOf(ogp), [HANDOVER_PROTOCOL]: handing(ogp, () => outbox) } : {}),
    },
    now: now ?? node.now,
  });
  return outbox;
}

/** Loaded with the first message that is handed on, and kept: its targets are open. */
function handing(node: OgpNode, outboxOf: () => Outbox): Carrier {
  let loaded: Promise<Carrier> | undefined;
  const carrier = () =>
    loaded ??= import("../lib/ogp/handover/carrier.ts")
      .then(({ handoverCarrier }) => handoverCarrier(node, outboxOf));
  return {
    ...HANDOVER_RULES,
    send: async (entry, signal) => await (await carrier()).send(entry, signal),
    settle: async (entry, state, answer) => await (await carrier()).settle(entry, state, answer),
  };
}

/** Loaded with the first delivery: a command that only looks at the outbox does not pay for it. */
function ogpCarriersOf(node: OgpNode): Readonly<Record<string, Carrier>> {
  const carriers = [...MESSAGES, ...NEWS].map((protocol): [string, Carrier] => {
    const through = async <R>(work: (carrier: Carrier) => Promise<R>): Promise<R> => {
      if (isMessage(protocol)) {
        const { ogpCarriers } = await import("../lib/ogp/message_carriers.ts");
        return await work(ogpCarriers(node)[protocol]);
      }
      const { federationCarriers } = await import("../lib/ogp/federation_carriers.ts");
      // News tells who we are, as configured now, which may be after this process has started.
      using current = await openOgpNode(node.state.root, { now: node.now });
      return await work(federationCarriers(current)[protocol]);
    };
    return [protocol, {
      send: (entry, signal) => through((carrier) => carrier.send(entry, signal)),
      settle: (entry, state, answer) => through((carrier) => carrier.settle(entry, state, answer)),
    }];
  });
  return Object.fromEntries(carriers);
}

function isMessage(protocol: MessageProtocol | NewsProtocol): protocol is MessageProtocol {
  return MESSAGES.some((message) => message === protocol);
}
