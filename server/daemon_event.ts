/**
 * What a daemon tells whoever watches: the events of both protocols, and of the deliveries of both.
 *
 * @module
 */
import type { AgentCard } from "../lib/mesh/card.ts";

/** A gateway, as events name it. */
export interface GatewayName {
  /** What it is called here: its alias, else how it calls itself. */
  readonly name: string;
  /** Its id here. */
  readonly id: string;
  /** Its key as DER, 88 hex digits. */
  readonly publicKey: string;
}

/** What comes in on the surface of Agent Mesh V1. */
export type MeshEvent =
  | { readonly kind: "contact"; readonly from: AgentCard; readonly request_id: string }
  | { readonly kind: "message"; readonly from: string; readonly message_id: string };

/** What comes in on the surface of OGP. */
export type OgpEvent =
  | {
    readonly kind: "ogp-request";
    readonly from: GatewayName;
    readonly gatewayUrl: string;
    /** Ids of approved peers whose URL it claims with another key: somebody may be lying. */
    readonly claimsUrlOf?: readonly string[];
  }
  | {
    readonly kind: "ogp-message";
    readonly from: GatewayName;
    readonly intent: string;
    readonly topic?: string;
    readonly nonce: string;
    /** It waits for the owner's decision. */
    readonly asks?: boolean;
  }
  | {
    readonly kind: "ogp-approval";
    readonly from?: GatewayName;
    /** `noted`: a rejection that anybody could have sent. */
    readonly effect: "approved" | "rejected" | "grants" | "noted";
  }
  | {
    readonly kind: "ogp-removal";
    readonly from: GatewayName;
    /** Whether its own gateway says so, too; until then it stays approved. */
    readonly confirmed: boolean;
  }
  | { readonly kind: "ogp-reply"; readonly nonce: string }
  /** The owner did not decide about a message in time; `message_id` is its record's name. */
  | { readonly kind: "ogp-undecided"; readonly message_id: string };

/** What a delivery of OGP has beside one of Agent Mesh V1. */
interface OfProtocol {
  /**
   * What was to be delivered, such as `ogp` for a message; absent for Agent Mesh V1. With `handover` it went
   * to the owner's agent, and `to` is whose message it was.
   */
  readonly protocol?: string;
}

/** What becomes of deliveries. `to` is an agent's id, or what a gateway is called here. */
export type DeliveryTold =
  | OfProtocol & { readonly kind: "delivered"; readonly to: string; readonly message_id: string }
  | OfProtocol & {
    readonly kind: "waiting";
    readonly to: string;
    readonly message_id: string;
    readonly reason: string;
    readonly next_attempt_at: string;
  }
  | OfProtocol & {
    readonly kind: "dead";
    readonly to: string;
    readonly message_id: string;
    readonly reason: string;
  }
  | OfProtocol & { readonly kind: "requeued"; readonly message_id: string };

/** Something that happened, for whoever watches. */
export type DaemonEvent =
  | MeshEvent
  | OgpEvent
  | DeliveryTold
  | { readonly kind: "fault"; readonly error: unknown };

/** Told of what happens. */
export type Tell = (event: DaemonEvent) => void;
