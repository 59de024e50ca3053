/**
 * What peers can ask of this gateway.
 *
 * @module
 */

import { PROJECT_INTENTS } from "./projects/project_intents.ts";

/** The intents that are built in. */
export const INTENTS: readonly string[] = [
  "message",
  "task-request",
  "status-update",
  "agent-comms",
  ...PROJECT_INTENTS,
];

/**
 * What else the card tells that we can do: two in the protocol's words, and that a signed rejection of a
 * request is taken for one, which OGP 0.7 takes for an approval.
 */
export const FEATURES: readonly string[] = [
  "scope-negotiation",
  "reply-callback",
  "signed-rejections",
];
