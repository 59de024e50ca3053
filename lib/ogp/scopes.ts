/**
 * Scopes: what a peer may send here, how often and about what; and what it lets us send. They are
 * negotiated when a federation is approved, travel as `scopeGrants`, and are enforced by the doorman.
 *
 * @module
 */

export {
  AGENT_COMMS,
  DEFAULT_INTENTS,
  DEFAULT_RATE,
  type RateLimit,
  type Scope,
  SCOPE_LIMITS,
  type ScopeGrants,
  SCOPES_VERSION,
} from "./scope_types.ts";
export { parseGrants, scopeGrantsShape } from "./scope_shape.ts";
export { type Allowance, allowed, coversTopic, defaultGrants, V01_GRANTS } from "./scope_rules.ts";
export { type GrantFlags, grantsFrom, parseRate } from "./scope_flags.ts";
export { describeRate, describeScope } from "./scope_words.ts";
