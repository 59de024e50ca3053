/**
 * The configuration of OGP's own program.
 *
 * @module
 */
import { messageOf } from "../../error.ts";
import { parsePeerUrl } from "../../net/post.ts";
import { baseUrl } from "../names.ts";
import { readObject, textOf } from "./document.ts";
import { FILES, type Finding } from "./finding.ts";

/** What a configuration gives us. */
export interface ImportedConfig {
  /** Values that can be used, by the keys of our own section. */
  readonly values: Readonly<Record<string, string | number>>;
  /** What there is no use for yet, as it was. */
  readonly later: Readonly<Record<string, unknown>>;
  /** Secrets that may open the key, by the names that the program gives them. Never shown. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What cannot be used, and what has no meaning here. */
  readonly findings: readonly Finding[];
}

type Check = (value: unknown) => string | number;

const CHECKS: Readonly<Record<string, Check>> = {
  daemonPort: port,
  gatewayUrl: (value) => baseUrl(url(value)),
  displayName: (value) => text(value, 200),
  email: (value) => text(value, 320),
  humanName: (value) => text(value, 200),
  agentName: (value) => text(value, 200),
  organization: (value) => text(value, 200),
  openclawUrl: url,
  openclawToken: (value) => text(value, 4096),
};

/** Which of its secrets the program encrypts its key with. */
const SECRETS = ["openclawToken", "hermesWebhookSecret"];

/**
 * Reads a configuration.
 *
 * @param file The text of `config.json`.
 * @returns What can be used of it.
 * @throws {MeshError} `invalid_json` or `malformed` if nothing can.
 *
 * @example
 * ```ts
 * import { readOgpConfig } from "./config.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { values, findings } = readOgpConfig('{"daemonPort":18790,"gatewayUrl":"ftp://x"}');
 * assertEquals(values, { daemonPort: 18790 });
 * assertEquals(findings[0]?.item, "gatewayUrl");
 * ```
 */
export function readOgpConfig(file: string): ImportedConfig {
  const values: Record<string, string | number> = {};
  const later: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  const findings: Finding[] = [];
  for (const [key, value] of Object.entries(readObject(file))) {
    if (SECRETS.includes(key) && textOf(value)) secrets[key] = textOf(value) ?? "";
    if (value === "" || value === null) continue;
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key] : undefined;
    if (key === "stateDir") findings.push(finding(key, "ignored", "the state directory is ours"));
    else if (!check) later[key] = value;
    else {
      try {
        values[key] = check(value);
      } catch (error) {
        findings.push(finding(key, "refused", messageOf(error)));
      }
    }
  }
  return { values, later, secrets, findings };
}

function finding(item: string, fate: Finding["fate"], detail: string): Finding {
  return { file: FILES.config, item, fate, detail };
}

function port(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  if (Number.isInteger(number) && Number(number) >= 1 && Number(number) <= 65_535) {
    return Number(number);
  }
  throw new RangeError("It is not a port");
}

function text(value: unknown, longest: number): string {
  const found = textOf(value);
  if (found === undefined) throw new TypeError("It is not a text");
  if (found.length > longest) throw new RangeError(`It has more than ${longest} characters`);
  if (/\p{Cc}/u.test(found)) throw new RangeError("It has a control character in it");
  return found;
}

function url(value: unknown): string {
  const found = text(value, 2000);
  parsePeerUrl(found);
  return found;
}
