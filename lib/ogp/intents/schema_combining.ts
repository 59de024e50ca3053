/**
 * The keywords of a schema that combine schemas.
 *
 * @module
 */
import { badArgument, type Check, type Keyword, type KeywordContext } from "./schema_check.ts";

/** The keywords by name. */
export const COMBINING: Readonly<Record<string, Keyword>> = {
  allOf(argument, context) {
    const checks = checksIn(argument, context);
    return (value, path) => {
      for (const check of checks) {
        const problem = check(value, path);
        if (problem) return problem;
      }
      return undefined;
    };
  },
  anyOf(argument, context) {
    const checks = checksIn(argument, context);
    return (value, path) =>
      checks.some((check) => !check(value, path))
        ? undefined
        : { at: path, what: "is none of what it can be" };
  },
  oneOf(argument, context) {
    const checks = checksIn(argument, context);
    return (value, path) => {
      const fitting = checks.filter((check) => !check(value, path)).length;
      if (fitting === 1) return undefined;
      const what = fitting === 0
        ? "is none of what it can be"
        : "is more than one of what it can be";
      return { at: path, what };
    };
  },
  not(argument, { at, compileAt }) {
    const check = compileAt(argument, at);
    return (value, path) =>
      check(value, path) ? undefined : { at: path, what: "is what it must not be" };
  },
};

function checksIn(argument: unknown, { at, compileAt }: KeywordContext): Check[] {
  if (!Array.isArray(argument) || argument.length === 0) throw badArgument(at, "a list of schemas");
  return argument.map((schema, i) => compileAt(schema, `${at}, ${i}`));
}
