/**
 * The keys of an account as a command line gives them.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { knownChannel } from "../../../lib/ocg/channel_names.ts";

/** What was given. */
export interface GivenSettings {
  /** The channel's id. */
  readonly channel: string;
  /** What the bot proves itself with, as typed or read. */
  readonly token?: string | undefined;
  /** Ids, separated by commas. */
  readonly allowFrom?: string | undefined;
  /** The agent. */
  readonly agentUrl?: string | undefined;
  /** Its model. */
  readonly model?: string | undefined;
  /** `key=value`, `key:=json`. */
  readonly set?: readonly string[] | undefined;
}

type Values = Record<string, unknown>;

const KEY = /^[A-Za-z][\w-]{0,63}$/;

/**
 * Puts the keys together.
 *
 * @param given What was given.
 * @returns The keys as they stand in the file.
 * @throws {MeshError} `usage` for what cannot be read.
 *
 * @example
 * ```ts
 * import { settingsFrom } from "./settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(settingsFrom({ channel: "qqbot", token: "1024:s", set: ["sandbox=true"] }), {
 *   appId: "1024",
 *   clientSecret: "s",
 *   sandbox: true,
 * });
 * ```
 */
export function settingsFrom(given: GivenSettings): Values {
  const { channel, token, allowFrom, agentUrl, model, set = [] } = given;
  const values: Values = {
    ...(token === undefined ? {} : tokenKeys(channel, token)),
    ...(allowFrom === undefined ? {} : { allowFrom: idsIn(allowFrom) }),
    ...(agentUrl === undefined ? {} : { agentUrl }),
    ...(model === undefined ? {} : { model }),
  };
  for (const one of set) put(values, one);
  return values;
}

/** A token in the keys that its channel has for it. */
function tokenKeys(channel: string, token: string): Values {
  const [first, ...more] = knownChannel(channel)?.token ?? ["token"];
  const text = token.trim();
  if (text === "") throw new MeshError("usage", "The token is empty");
  if (/\s/.test(text)) throw new MeshError("usage", "A token has no blanks or line breaks inside");
  if (more.length === 0) return { [first]: text };
  const keys = [first, ...more];
  const parts = text.split(":");
  // What comes after the last separator may have one itself.
  const values = [...parts.slice(0, keys.length - 1), parts.slice(keys.length - 1).join(":")];
  if (values.length !== keys.length || values.some((value) => value === "")) {
    throw new MeshError(
      "usage",
      `The token of channel "${channel}" has ${keys.length} parts, separated by a colon: ` +
        keys.join(":"),
    );
  }
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}

function idsIn(list: string): string[] {
  const ids = list.split(",").map((id) => id.trim()).filter((id) => id !== "");
  if (ids.length > 0) return [...new Set(ids)];
  throw new MeshError("usage", "--allow-from names nobody", {
    hint: '--allow-from 12345,67890, or "*" for everybody',
  });
}

function put(values: Values, given: string): void {
  const [, path = "", sign, text = ""] = /^([^=:]+)(:?=)(.*)$/s.exec(given) ?? [];
  const keys = path.split(".");
  if (sign === undefined || !keys.every((key) => KEY.test(key))) {
    // What stands behind the sign may be a secret.
    const shown = given.split("=")[0]?.slice(0, 60) ?? "";
    throw new MeshError("usage", `Cannot read "${shown}" as a key with a value`, {
      hint: "--set key=value, or --set key:=json",
    });
  }
  if (keys[0] === "accounts") {
    throw new MeshError("usage", '"accounts" cannot be set as a key', { hint: "--account NAME" });
  }
  const last = keys.pop() ?? "";
  let at = values;
  for (const key of keys) {
    const known = Object.hasOwn(at, key) ? at[key] : undefined;
    const next = isObject(known) ? known : {};
    at[key] = next;
    at = next;
  }
  at[last] = valueOf(path, sign, text);
}

function valueOf(path: string, sign: string, text: string): unknown {
  if (sign === "=" && !/^(?:true|false|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new MeshError("usage", `The value of "${path}" is not JSON`, {
      hint: `--set '${path}:="text"' is a text, --set ${path}:=5 a number`,
    });
  }
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
