/**
 * What is handed to the owner's agent, and what can come of it. Nothing here knows a protocol: who hands
 * something on has decided already that the agent may have it.
 *
 * @module
 */

/** Whom a message is from. */
export interface HandoverPeer {
  /** The peer's key; this is who it is. */
  readonly publicKey: string;
  /** How the owner calls it. */
  readonly id: string;
  /** How it calls itself. */
  readonly displayName: string;
}

/** A message for the owner's agent. */
export interface Handover {
  /**
   * Names this delivery for ever, the same at every attempt, so that a target can drop a second one. The
   * other fields must stay the same with it.
   */
  readonly id: string;
  /** What the agent reads; see `frame.ts`. */
  readonly frame: string;
  /** How it came. */
  readonly protocol: "ogp" | "mesh";
  /** Whom it is from. */
  readonly peer: HandoverPeer;
  /** What the peer wants. */
  readonly intent: string;
  /** What it is about. */
  readonly topic?: string | undefined;
  /** How urgent the peer finds it. */
  readonly priority?: string | undefined;
  /** How much the owner wants said about it. */
  readonly level?: string | undefined;
  /** The conversation, in the peer's own words. */
  readonly conversationId?: string | undefined;
  /** What the peer sent, as plain JSON. */
  readonly payload: unknown;
  /** The peer's text, if the payload has one; for programs, not neutralised. */
  readonly text?: string | undefined;
  /** When the peer signed it, ISO 8601. */
  readonly timestamp: string;
  /** The peer's id for it. */
  readonly nonce: string;
  /** Whether the peer waits for an answer. */
  readonly expectsReply: boolean;
}

/** What came of handing a message on. */
export type HandoverOutcome =
  /** The agent has it. An answer, if any, does not come this way. */
  | { readonly kind: "handed" }
  /** The agent has it, and this is its answer. */
  | {
    readonly kind: "replied";
    readonly success: boolean;
    /** Usually `{ text }`. */
    readonly data?: unknown;
    /** What went wrong, in the agent's words. */
    readonly error?: string;
  }
  /** The agent may not have it yet, and a later attempt makes sense. */
  | {
    readonly kind: "retry";
    /** One sentence for the owner. */
    readonly reason: string;
    /** Seconds before which no attempt makes sense. */
    readonly retryAfter?: number;
  }
  /** No later attempt makes sense. */
  | {
    readonly kind: "failed";
    /** One sentence for the owner; it may quote the agent. */
    readonly reason: string;
    /** One sentence that the peer may be told. */
    readonly sentence: string;
  };

/** What a look at a target found. */
export interface TargetCheck {
  /** Whether a message could be handed on right now, as far as that can be known without doing it. */
  readonly ok: boolean;
  /** One sentence. */
  readonly detail: string;
}

/** How a message is handed on. */
export interface HandoverOptions {
  /** Ends the attempt; the outcome is then `retry`. */
  readonly signal?: AbortSignal | undefined;
  /** What {@linkcode HandoverOptions.onHanded} was told at an earlier attempt, if it was called. */
  readonly ticket?: string | undefined;
  /**
   * Called when the agent has the message and its answer is still to come. With the ticket written down,
   * an attempt that is cut short here goes on waiting at the next, instead of handing the message on anew.
   *
   * @param ticket Names the work over there.
   */
  readonly onHanded?: ((ticket: string) => void | Promise<void>) | undefined;
}

/** Somewhere that messages are handed to. */
export interface Target {
  /** The type that the owner chose. */
  readonly kind: string;
  /**
   * Whether a second delivery of the same id is dropped over there. Where it is not, a crash between
   * handing on and writing that down hands the message on again.
   */
  readonly idempotent: boolean;
  /**
   * Hands a message on; always comes back within the target's time limit.
   *
   * @param handover The message.
   * @param options How.
   * @returns What came of it.
   */
  handOn(handover: Handover, options?: HandoverOptions): Promise<HandoverOutcome>;
  /**
   * Looks whether the target could take messages, without handing one on.
   *
   * @param options How.
   * @returns What was found.
   */
  check?(options?: HandoverOptions): Promise<TargetCheck>;
}
