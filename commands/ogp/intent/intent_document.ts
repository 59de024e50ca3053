/**
 * Intents as `--json` prints them.
 *
 * @module
 */
import type { RegisteredIntent } from "../../../lib/ogp/intents/record.ts";

/**
 * An intent that the owner registered, for programs.
 *
 * @param intent The intent.
 * @returns The document; what was not given is left out.
 */
export function intentDocument(intent: RegisteredIntent): Record<string, unknown> {
  const { name, description, sessionKey, handler, schema, timeoutMs, registeredAt } = intent;
  return {
    name,
    builtIn: false,
    description,
    sessionKey,
    handler,
    schema,
    timeoutMs,
    registeredAt,
  };
}
