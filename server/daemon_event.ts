/**
 * What a daemon tells whoever watches: the events of the protocols and of the chats, and of all deliveries.
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

/** A chat, as events name it. */
interface InChat {
  /** The channel's id. */
  readonly channel: string;
  /** The account's name. */
  readonly account: string;
  /** The platform's id of the chat. */
  readonly chat: string;
}

/** What happens in chats. `said` is there only where the owner wants to read along. */
export type OcgTold =
  | InChat & {
    readonly kind: "ocg-message";
    readonly sender: string;
    /** Its length in UTF-16 units. */
    readonly characters: number;
    readonly said?: string;
    /** Who is asked, such as `gpt-4o @ http://127.0.0.1:11434/v1/chat/completions`. */
    readonly agent?: string;
  }
  | InChat & {
    readonly kind: "ocg-answered";
    readonly characters: number;
    /** In how many messages. */
    readonly parts: number;
    readonly said?: string;
  }
  | InChat & { readonly kind: "ocg-forwarded" }
  | InChat & { readonly kind: "ocg-agent-failed"; readonly reason: string }
  | InChat & {
    readonly kind: "ocg-undelivered";
    readonly reason: string;
    /** Whether it is tried again. */
    readonly again: boolean;
  }
  | InChat & { readonly kind: "ocg-stranger"; readonly sender: string; readonly code?: string }
  | {
    readonly kind: "ocg-channel";
    readonly channel: string;
    readonly account: string;
    readonly state: "stopped" | "connecting" | "running" | "failed";
    /** Who the bot is on the platform. */
    readonly self?: string;
    readonly reason?: string;
  }
  /** A plugin printed something; told only where the owner wants to read along. */
  | {
    readonly kind: "ocg-plugin";
    readonly channel: string;
    readonly account: string;
    readonly line: string;
  }
  /** The configuration was read again. */
  | { readonly kind: "ocg-config"; readonly path: string; readonly warnings: readonly string[] };

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
  | OcgTold
  | DeliveryTold
  | { readonly kind: "fault"; readonly error: unknown };

/** Told of what happens. */
export type Tell = (event: DaemonEvent) => void;
