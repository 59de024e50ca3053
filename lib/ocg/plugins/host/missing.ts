/**
 * Objects that say what they do not have: a plugin that asks for something which this host lacks fails with
 * the name of it, not with "undefined is not a function".
 *
 * @module
 */
import { HostError } from "./failure.ts";

/** Names that are asked for by the language and its tools, not by plugins. */
const LANGUAGE: ReadonlySet<PropertyKey> = new Set([
  ...["then", "toJSON", "constructor", "prototype", "inspect", "nodeType", "$$typeof"],
  ...["asymmetricMatch", "length", "name", "valueOf", "toString"],
]);

/**
 * Guards an object and the plain objects in it.
 *
 * @param value The object.
 * @param path What it is called, such as `runtime.channel`.
 * @returns The same to look at; a method that is missing is one that throws.
 */
export function guarded<T extends object>(value: T, path: string): T {
  return new Proxy(value, {
    get(target, key) {
      const found = Reflect.get(target, key);
      if (found !== undefined) {
        return isPlain(found) ? guarded(found, `${path}.${String(key)}`) : found;
      }
      if (typeof key === "symbol" || LANGUAGE.has(key) || key in target) return undefined;
      return missing(`${path}.${key}`);
    },
  });
}

/** Stands for what is missing: members of it are missing as well, and calling it fails. */
function missing(path: string): unknown {
  const fail = () => {
    throw new HostError("plugin", `The plugin needs "${path}", which this host does not have`);
  };
  return new Proxy(fail, {
    get: (_, key) =>
      typeof key === "symbol" || LANGUAGE.has(key) ? undefined : missing(`${path}.${key}`),
  });
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
