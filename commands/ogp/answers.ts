/**
 * The answers of `mesh ogp setup`, from a file, from flags: changes of the configuration.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { OGP_CONFIG_KEYS } from "../../lib/ogp/config.ts";
import { baseUrl } from "../../lib/ogp/names.ts";
import { JsonObject } from "../../lib/signing/json.ts";
import { parseJson } from "../../lib/signing/json_parse.ts";
import { toPlain } from "../../lib/signing/json_plain.ts";
import { decodeUtf8 } from "../../lib/signing/utf8.ts";
import { nearest } from "../../lib/config/nearest.ts";
import type { SetupFlags } from "./setup.ts";

/** New values by key; `undefined` takes a value away. */
export type Changes = Readonly<Record<string, unknown>>;

/** The key of OGP's own configuration that we have no use for. */
const STATE_DIR = "stateDir";

/** What an answers file says. */
export interface Answers {
  /** What it changes. */
  readonly changes: Changes;
  /** Keys that are known and have no effect. */
  readonly ignored: readonly string[];
}

/**
 * Reads an answers file.
 *
 * @param bytes The file.
 * @returns What it says; the values are checked when they are stored.
 * @throws {MeshError} `usage` if it is no JSON object, or has a key that there is not.
 */
export function readAnswers(bytes: Uint8Array): Answers {
  const answers = parsed(bytes);
  const changes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(answers)) {
    if (key === STATE_DIR) continue;
    if (!OGP_CONFIG_KEYS.includes(key)) throw unknownKey(key);
    changes[key] = value ?? undefined;
  }
  return {
    changes: tidied(changes),
    ignored: Object.hasOwn(answers, STATE_DIR) ? [STATE_DIR] : [],
  };
}

/**
 * The changes that flags ask for.
 *
 * @param flags The command's flags.
 * @returns The changes; none if no flag names a value.
 */
export function changesIn(flags: SetupFlags): Changes {
  const { port, gatewayUrl, displayName, email, openclawUrl } = flags;
  const named = { daemonPort: port, gatewayUrl, displayName, email, openclawUrl };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  // An empty value takes it away.
  return tidied(Object.fromEntries(given.map(([key, value]) => [key, value || undefined])));
}

/**
 * URLs as they are stored and compared.
 *
 * @param changes Changes.
 * @returns The same without final slashes in the gateway's URL.
 */
export function tidied(changes: Changes): Changes {
  const { gatewayUrl } = changes;
  return typeof gatewayUrl === "string" ? { ...changes, gatewayUrl: baseUrl(gatewayUrl) } : changes;
}

/**
 * What the configuration's judge said, about what was answered.
 *
 * @param error What was thrown when the answers were stored.
 * @returns The error about the answer.
 */
export function aboutAnswer(error: unknown): unknown {
  if (!(error instanceof MeshError) || error.code !== "config_invalid") return error;
  const message = error.message.replace(/^config\.json: "ogp\.?([^"]*)"/, 'Cannot use this "$1"');
  return new MeshError("usage", message, { cause: error, hint: "mesh ogp setup --help" });
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
  try {
    const document = parseJson(decodeUtf8(bytes));
    if (document instanceof JsonObject) return toPlain(document) as Record<string, unknown>;
  } catch (cause) {
    // The parser quotes what it read, which may be a token.
    throw new MeshError("usage", "The answers are not JSON", { cause });
  }
  throw new MeshError("usage", "The answers are not a JSON object");
}

function unknownKey(key: string): MeshError {
  const meant = nearest(key, OGP_CONFIG_KEYS);
  return new MeshError("usage", `There is no "${key.slice(0, 100)}" to configure`, {
    hint: meant ? `did you mean "${meant}"?` : `the keys are ${OGP_CONFIG_KEYS.join(", ")}`,
  });
}
