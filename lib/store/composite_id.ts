/**
 * Ids made of several parts, such as a message's id and its sender: `<message id>@<sender>`. What comes
 * from outside goes through here, so that a part which contains an `@` itself cannot pose as another
 * composite.
 *
 * @module
 */

/**
 * One id from several parts. Different parts, or a different number of them, give a different id: in each
 * part `%` and `@` are written `%25` and `%40`, and the parts are joined by `@`. With ordinary parts the
 * id is also the record's file name.
 *
 * @param parts At least one; a single ordinary part is its own id.
 * @returns The id.
 *
 * @example
 * ```ts
 * import { compositeId } from "./composite_id.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(compositeId("msg_1", "5ae1"), "msg_1@5ae1");
 * assertEquals(compositeId("msg_1@5ae1"), "msg_1%405ae1");
 * ```
 */
export function compositeId(...parts: [string, ...string[]]): string {
  return parts.map((part) => part.replaceAll("%", "%25").replaceAll("@", "%40")).join("@");
}

/**
 * The parts of an id that {@link compositeId} made. Any other id without an `@` or an escape, such as a
 * record's that another program wrote, is its own single part.
 *
 * @param id The id.
 * @returns Its parts, at least one.
 *
 * @example
 * ```ts
 * import { splitCompositeId } from "./composite_id.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(splitCompositeId("msg_1@5ae1"), ["msg_1", "5ae1"]);
 * ```
 */
export function splitCompositeId(id: string): string[] {
  return id.split("@").map((part) => part.replaceAll("%40", "@").replaceAll("%25", "%"));
}
