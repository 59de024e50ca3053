/**
 * Arguments that several of these commands take.
 *
 * @module
 */

/** One positional argument, as the parser declares it. */
export interface Positional {
  /** What it is. */
  readonly brief: string;
  /** Reads it. */
  readonly parse: (input: string) => string;
  /** Its name in usage lines and errors. */
  readonly placeholder: string;
  /** Whether it may be left out. */
  readonly optional?: boolean;
}

/** Which gateway is meant. */
export const PEER: Positional = argument(
  "peer",
  "The gateway's alias, id, name or URL, or the beginning of one",
);

/**
 * An argument that is any text.
 *
 * @param placeholder Its name.
 * @param brief What it is.
 * @returns The declaration.
 */
export function argument(placeholder: string, brief: string): Positional {
  return { brief, parse: String, placeholder };
}

/**
 * Arguments in their order.
 *
 * @param parameters The arguments.
 * @returns The declaration of all of them.
 */
export function inOrder(
  ...parameters: readonly Positional[]
): { kind: "tuple"; parameters: readonly Positional[] } {
  return { kind: "tuple", parameters };
}

/** A flag that takes any text. */
export interface TextFlag {
  /** The parser's word for a flag with a value. */
  readonly kind: "parsed";
  /** Reads it. */
  readonly parse: (input: string) => string;
  /** What its value is called. */
  readonly placeholder: string;
  /** What it does. */
  readonly brief: string;
  /** It may be left out. */
  readonly optional: true;
}

/**
 * A flag that takes any text and may be left out.
 *
 * @param placeholder What its value is called.
 * @param brief What it does.
 * @returns The declaration.
 */
export function textFlag(placeholder: string, brief: string): TextFlag {
  return { kind: "parsed", parse: String, placeholder, brief, optional: true };
}
