/**
 * Keeps secrets, and what people write to each other, out of logs. A secret is known by the name that it has,
 * by its form, or because the owner configured it; the texts of messages by their names.
 *
 * @module
 */

/** What is kept out. */
export interface RedactOptions {
  /** Whether the texts of messages may be told. Default no. */
  readonly bodies?: boolean;
  /** Values that are secrets whatever they look like, such as configured keys; short ones are ignored. */
  readonly secrets?: readonly string[];
}

/** Makes values fit for a log. */
export interface Redactor {
  /** A text without what looks like a secret. */
  text(text: string): string;
  /** A value with all texts in it, and without the values of telling names; of bounded size and depth. */
  value(value: unknown): unknown;
}

/** What stands in place of a secret. */
export const SECRET = "[secret]";

/** Names whose values are secrets. `publicKey` and the like are not, `keyId` says nothing either. */
const SECRET_NAME =
  /(?:token|secret|passw|passphrase|authorization|cookie|(?:api|private|access)[_-]?key|credential|bearer|pem)s?$/i;

/** Names whose values are what people wrote, or a document that holds it. */
const BODY_NAME =
  /^(?:body|text|said|content|prompt|payload|message_?str|payload_?str|reply|reply_?str|answer|html)$/i;

/**
 * Whether what has this name is a secret.
 *
 * @param name Such as `botToken`.
 * @returns Whether it is.
 */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Forms of secrets, each with what is kept of it. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, SECRET],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${SECRET}`],
  // Telegram's bots, also within the paths of its API.
  [/(\/bot|\b)\d{6,12}:[\w-]{30,}/g, `$1${SECRET}`],
  // Discord's bots; tokens of the form header.payload.signature.
  [/\b(?:[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{25,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+)/g, SECRET],
  // Keys that say what they are.
  [
    /\b(?:sk|pk|rk|gsk|xox[abeprs]|xapp|gh[opsur]|github_pat|glpat|glsa|hf|AIza|AKIA)[-_]?[\w-]{16,}/g,
    SECRET,
  ],
  // A private key of Ed25519 as DER, in hex (RFC 8410).
  [/302e020100300506032b657004220420[0-9a-f]{64}/gi, SECRET],
  [/\bwhsec_[\w+/=-]{16,}/g, SECRET],
  // Links that let somebody in: the webchat's, and those of answers that come later.
  [/(\/chat(?:\/[\w./-]*)?#)[\w=-]{8,}/g, `$1${SECRET}`],
  [/(\/ocg\/callback\/)[^\s"'?#<>]+/g, `$1${SECRET}`],
  // Addresses that let in whoever knows them: webhooks of Slack and Discord.
  [/(hooks\.slack\.com\/services\/|\/api\/webhooks\/)[\w/-]{8,}/gi, `$1${SECRET}`],
  // Credentials within URLs.
  [/(\/\/)[^\s/@]{1,768}@/g, `$1${SECRET}@`],
  [
    /([?&#;](?:[\w-]*(?:token|secret|password|api_?key|signature|access_key)|key|sig|auth)=)[^\s&"'<>]+/gi,
    `$1${SECRET}`,
  ],
  // Headers, assignments and members, as programs and peers quote them.
  [
    /((?:token|secret|passw(?:or)?d|passphrase|(?:api|access)[_-]?key|authorization)["']?\s{0,3}[:=]\s{0,3}["']?)(?!Bearer\b|Basic\b|\[secret\])[^\s"'<>,;&]{6,}/gi,
    `$1${SECRET}`,
  ],
];

/** What every form has a piece of: most lines have none, and are not looked at any further. */
const SUSPICIOUS =
  /PRIVATE KEY|302e0201|bearer|basic|\d{6}:[\w-]|\/chat|callback|hooks|@|[?&#;][\w-]+=|eyJ|[MNO][\w-]{23,27}\.|(?:sk|pk|rk|xox|xapp|gh|gl|whsec|hf|AIza|AKIA)[\w-]{12}|(?:token|secret|passw\w*|passphrase|key|authorization)["']?\s{0,3}[:=]/i;

/** Shorter values could stand in any text. */
const SHORTEST_SECRET = 8;

const MOST_TEXT = 4_000;
const MOST_READ = 4 * MOST_TEXT;
const MOST_ITEMS = 50;
const MOST_DEPTH = 5;

/**
 * Makes a redactor.
 *
 * @param options What is kept out.
 * @returns The redactor.
 *
 * @example
 * ```ts
 * import { redactor } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { text, value } = redactor();
 * assertEquals(text("Authorization: Bearer abc123def456"), "Authorization: Bearer [secret]");
 * assertEquals(value({ token: "x", text: "hi" }), { token: "[secret]", text: "[2 characters]" });
 * ```
 */
export function redactor({ bodies = false, secrets = [] }: RedactOptions = {}): Redactor {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  const text = (given: string) => {
    // More than is kept: a secret that is cut in two is not known any more.
    let words = given.slice(0, MOST_READ);
    for (const secret of known) words = words.replaceAll(secret, SECRET);
    if (SUSPICIOUS.test(words)) {
      for (const [form, kept] of FORMS) words = words.replace(form, kept);
    }
    const isWhole = words.length <= MOST_TEXT && given.length <= MOST_READ;
    return (isWhole ? words : `${words.slice(0, MOST_TEXT)}…`).toWellFormed();
  };
  const value = (given: unknown, depth = 0, name = ""): unknown => {
    if (given === undefined || given === null || typeof given === "boolean") return given;
    if (isSecretName(name)) return SECRET;
    if (!bodies && BODY_NAME.test(name)) return sizeOf(given);
    switch (typeof given) {
      case "string":
        return text(given);
      case "number":
        return given;
      case "object":
        break;
      default:
        return text(String(given));
    }
    if (given instanceof Error) return text(given.message);
    if (given instanceof Date) return isNaN(given.getTime()) ? null : given.toISOString();
    if (ArrayBuffer.isView(given)) return `[${given.byteLength} bytes]`;
    if (depth >= MOST_DEPTH) return "[…]";
    if (Array.isArray(given)) {
      return given.slice(0, MOST_ITEMS).map((one) => value(one, depth + 1, name));
    }
    const entries = given instanceof Map ? [...given] : Object.entries(given);
    return Object.fromEntries(
      entries.slice(0, MOST_ITEMS)
        .map(([key, one]) => [text(String(key)), value(one, depth + 1, String(key))]),
    );
  };
  return { text, value: (given) => value(given) };
}

function sizeOf(body: unknown): string {
  if (typeof body === "string") return `[${body.length} characters]`;
  if (Array.isArray(body)) return `[${body.length} items]`;
  return typeof body === "object" ? "[an object]" : `[a ${typeof body}]`;
}
