/**
 * The keywords of a schema that look into objects and arrays. Each says something about its kind of value
 * only: what else may be there, `type` says.
 *
 * @module
 */
import {
  badArgument,
  below,
  type Check,
  countArgument,
  isObject,
  type Keyword,
  sameText,
} from "./schema_check.ts";

/** The keywords about objects, by name. */
export const ON_OBJECTS: Readonly<Record<string, Keyword>> = {
  properties(argument, { at, compileAt }) {
    if (!isObject(argument)) throw badArgument(at, "an object of schemas");
    const checks = Object.entries(argument).map(([name, schema]) =>
      [name, compileAt(schema, `${at}, "${name}"`)] as const
    );
    return onObjects((value, path) =>
      first(
        checks,
        ([name, check]) =>
          Object.hasOwn(value, name) ? check(value[name], below(path, name)) : undefined,
      )
    );
  },
  required(argument, { at }) {
    const named = Array.isArray(argument) && argument.every((name) => typeof name === "string");
    if (!named) throw badArgument(at, "a list of names");
    return onObjects((value, path) => {
      const missing = argument.find((name) => !Object.hasOwn(value, name));
      return missing === undefined ? undefined : { at: below(path, missing), what: "is missing" };
    });
  },
  additionalProperties(argument, { schema, at, compileAt }) {
    const named = new Set(isObject(schema.properties) ? Object.keys(schema.properties) : []);
    const check = compileAt(argument, at);
    return onObjects((value, path) =>
      first(
        Object.keys(value).filter((name) => !named.has(name)),
        (name) => check(value[name], below(path, name)),
      )
    );
  },
  minProperties: sizes(isObject, (value, limit) => Object.keys(value).length >= limit, "at least"),
  maxProperties: sizes(isObject, (value, limit) => Object.keys(value).length <= limit, "at most"),
};

/** The keywords about arrays, by name. */
export const ON_ARRAYS: Readonly<Record<string, Keyword>> = {
  items(argument, { schema, at, compileAt }) {
    const before = Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0;
    const check = compileAt(argument, at);
    return onArrays((value, path) =>
      first(value.slice(before), (item, i) => check(item, below(path, before + i)))
    );
  },
  prefixItems(argument, { at, compileAt }) {
    if (!Array.isArray(argument) || argument.length === 0) {
      throw badArgument(at, "a list of schemas");
    }
    const checks = argument.map((schema, i) => compileAt(schema, `${at}, ${i}`));
    return onArrays((value, path) =>
      first(value.slice(0, checks.length), (item, i) => checks[i]?.(item, below(path, i)))
    );
  },
  minItems: sizes(Array.isArray, (value, limit) => value.length >= limit, "at least"),
  maxItems: sizes(Array.isArray, (value, limit) => value.length <= limit, "at most"),
  uniqueItems(argument, { at }) {
    if (typeof argument !== "boolean") throw badArgument(at, "true or false");
    return onArrays((value, path) =>
      argument && new Set(value.map(sameText)).size < value.length
        ? { at: path, what: "has an item twice" }
        : undefined
    );
  },
};

type ReturnedProblem = ReturnType<Check>;

function onObjects(
  check: (value: Record<string, unknown>, path: string) => ReturnedProblem,
): Check {
  return (value, path) => isObject(value) ? check(value, path) : undefined;
}

function onArrays(check: (value: readonly unknown[], path: string) => ReturnedProblem): Check {
  return (value, path) => Array.isArray(value) ? check(value, path) : undefined;
}

function sizes<T>(
  is: (value: unknown) => value is T,
  fits: (value: T, limit: number) => boolean,
  words: string,
): Keyword {
  return (argument, { at }) => {
    const limit = countArgument(argument, at);
    return (value, path) =>
      !is(value) || fits(value, limit)
        ? undefined
        : { at: path, what: `has not ${words} ${limit} entries` };
  };
}

function first<T>(
  among: readonly T[],
  check: (one: T, index: number) => ReturnedProblem,
): ReturnedProblem {
  for (const [index, one] of among.entries()) {
    const problem = check(one, index);
    if (problem) return problem;
  }
  return undefined;
}
