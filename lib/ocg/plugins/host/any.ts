/**
 * Careful looks into values of which nothing is known: plugins are other people's programs, and each
 * release of them is different.
 *
 * @module
 */

/** Something with members, or not. */
export type Unknown = Readonly<Record<string, unknown>>;

/**
 * A value's members.
 *
 * @param value Anything.
 * @returns The value if it is an object or a function, else an empty object.
 */
export function fields(value: unknown): Unknown {
  const has = (typeof value === "object" && value !== null) || typeof value === "function";
  return has ? value as Unknown : {};
}

/**
 * A text, if it is one.
 *
 * @param value Anything.
 * @returns The text or number as text; `undefined` for an empty one and for everything else.
 */
export function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * A method of an object.
 *
 * @param value The object.
 * @param name The method's name.
 * @returns The method with its object, or `undefined` if there is none.
 */
export function method(
  value: unknown,
  name: string,
): ((...args: unknown[]) => unknown) | undefined {
  const found = fields(value)[name];
  return typeof found === "function" ? found.bind(value) : undefined;
}
