/**
 * The keywords of a schema that look at a value itself: its type, its size, what it is.
 *
 * @module
 */
import {
  badArgument,
  type Check,
  countArgument,
  isObject,
  type Keyword,
  sameText,
} from "./schema_check.ts";

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === "string",
  array: Array.isArray,
  object: isObject,
};

/** The keywords by name. */
export const ON_VALUES: Readonly<Record<string, Keyword>> = {
  type(argument, { at }) {
    const names: unknown[] = Array.isArray(argument) ? argument : [argument];
    const known = names.length > 0 &&
      names.every((name) => typeof name === "string" && Object.hasOwn(TYPES, name));
    if (!known) throw badArgument(at, `a type: ${Object.keys(TYPES).join(", ")}`);
    const wanted = names as string[];
    return (value, path) =>
      wanted.some((name) => TYPES[name]?.(value))
        ? undefined
        : { at: path, what: `is not ${wanted.join(" or ")}` };
  },
  enum(argument, { at }) {
    if (!Array.isArray(argument) || argument.length === 0) {
      throw badArgument(at, "a list of values");
    }
    return oneOf(argument);
  },
  const: (argument) => oneOf([argument]),

  minLength: lengths((length, limit) => length >= limit, "characters at least"),
  maxLength: lengths((length, limit) => length <= limit, "characters at most"),
  pattern(argument, { at }) {
    const pattern = patternOf(argument, at);
    return (value, path) =>
      typeof value !== "string" || pattern.test(value)
        ? undefined
        : { at: path, what: "does not match its pattern" };
  },

  minimum: bounds((value, limit) => value >= limit, "at least"),
  maximum: bounds((value, limit) => value <= limit, "at most"),
  exclusiveMinimum: bounds((value, limit) => value > limit, "more than"),
  exclusiveMaximum: bounds((value, limit) => value < limit, "less than"),
  multipleOf(argument, { at }) {
    const step = typeof argument === "number" ? argument : 0;
    if (!(step > 0)) throw badArgument(at, "a number above 0");
    return (value, path) =>
      typeof value !== "number" || isMultiple(value, step)
        ? undefined
        : { at: path, what: `is not a multiple of ${step}` };
  },
};

function oneOf(values: readonly unknown[]): Check {
  const texts = new Set(values.map(sameText));
  return (value, path) =>
    texts.has(sameText(value))
      ? undefined
      : { at: path, what: "is not one of the values that it can have" };
}

function lengths(fits: (length: number, limit: number) => boolean, words: string): Keyword {
  return (argument, { at }) => {
    const limit = countArgument(argument, at);
    return (value, path) =>
      typeof value !== "string" || fits(characters(value), limit)
        ? undefined
        : { at: path, what: `has not ${limit} ${words}` };
  };
}

function bounds(fits: (value: number, limit: number) => boolean, words: string): Keyword {
  return (argument, { at }) => {
    if (typeof argument !== "number") throw badArgument(at, "a number");
    return (value, path) =>
      typeof value !== "number" || fits(value, argument)
        ? undefined
        : { at: path, what: `is not ${words} ${argument}` };
  };
}

/** As JSON Schema counts: by code points. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function patternOf(argument: unknown, at: string): RegExp {
  try {
    if (typeof argument === "string") return new RegExp(argument, "u");
  } catch {
    // Told below.
  }
  throw badArgument(at, "a regular expression");
}

/** With room for what 64-bit floats cannot say: 0.07 is a multiple of 0.01. */
function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}
