/**
 * When two signed documents are the same message.
 *
 * @module
 */
import { canonicalJson } from "../signing/canonical_json.ts";
import { JsonObject } from "../signing/json.ts";

/**
 * Whether two signed documents say the same thing. A sender that tries again signs a new timestamp, so
 * timestamp and signature do not count; everything else does.
 *
 * @param one A document.
 * @param other Another one.
 * @returns Whether they agree.
 */
export function sameContent(one: JsonObject, other: JsonObject): boolean {
  return content(one) === content(other);
}

function content(document: JsonObject): string {
  const copy = new JsonObject(document);
  copy.delete("timestamp");
  copy.delete("signature");
  return canonicalJson(copy);
}
