/**
 * The shape of `ocg.json`. The message of each rule says what is allowed, so that an error can put it
 * beside what was found.
 *
 * @module
 */
import { z } from "zod";
import type { OcgConfig } from "./config_types.ts";
import { isServiceUrl } from "./service_url.ts";

const MINUTE = 60_000;

const flag = z.boolean("true or false");
const text = (limit: number) => {
  const allowed = `a text of 1 to ${limit} characters`;
  return z.string(allowed).min(1, allowed).max(limit, allowed);
};
const whole = (from: number, to: number) => {
  const allowed = `a whole number from ${from} to ${to}`;
  return z.int(allowed).min(from, allowed).max(to, allowed);
};
const strings = (what: string) => z.array(text(10_000), `a list of ${what}`);

const AGENT_URL = "an http(s) URL without user name and password, or ogp:<peer>/<topic>";
const BASE_URL = "an http(s) URL without user name and password";
const KEY = "visible ASCII characters without blanks, at most 4096";
const SECRET = "a text of 1 to 4096 characters";
const ID = "the id of a person or chat on the platform: a text or a whole number";

const id = z.union([text(512), z.int(ID)], ID).transform(String);

const acp = z.strictObject({
  command: text(4096),
  args: strings("arguments").default([]),
  cwd: text(4096).optional(),
  env: z.record(z.string(), z.string("a text"), "an object of texts").default({}),
  timeoutMs: whole(1000, 24 * 60 * MINUTE).default(5 * MINUTE),
}, "an object with command, args, cwd, env and timeoutMs");

const chatSettings = {
  agentUrl: z.string(AGENT_URL).max(2000, AGENT_URL).refine(isAgentUrl, AGENT_URL).optional(),
  model: z.string("a text").max(200, "a text of at most 200 characters").optional(),
  apiKey: z.string(KEY).regex(/^[!-~]{0,4096}$/, KEY).optional(),
  agentType: z.enum(["openai", "acp"], '"openai" or "acp"').optional(),
  acp: acp.optional(),
  async: flag.optional(),
  historyTurns: whole(0, 100).optional(),
  dailyMessages: whole(0, 1_000_000).optional(),
  allowFrom: z.array(id, `a list of ids of people, or ["*"] for everybody`).optional(),
  allowChats: z.array(id, "a list of ids of groups").optional(),
  pairing: flag.optional(),
};

const NAME = "letters, digits, and _ . - inside, at most 64";
const name = z.string(NAME).regex(/^[A-Za-z0-9](?:[\w.-]{0,62}[A-Za-z0-9])?$/, NAME);
const account = { ...chatSettings, enabled: flag.optional() };
const channel = z.looseObject({
  ...account,
  accounts: z.record(name, z.looseObject(account, "an object"), "an object, an account per name")
    .optional(),
}, "an object");

const shape = z.looseObject({
  ...chatSettings,
  agentType: chatSettings.agentType.default("openai"),
  async: flag.default(false),
  historyTurns: chatSettings.historyTurns.default(0),
  dailyMessages: chatSettings.dailyMessages.default(500),
  pairing: flag.default(true),
  verbose: flag.default(false),
  callbackPort: whole(0, 65_535).default(3457),
  callbackHost: text(255).optional(),
  callbackUrl: z.string(BASE_URL).max(2000, BASE_URL).refine(isServiceUrl, BASE_URL).optional(),
  callbackSecret: z.string(SECRET).max(4096, SECRET).optional(),
  callbackTokenTTL: whole(1, 365 * 24 * 3600).default(1800),
  sendSecret: z.string(SECRET).max(4096, SECRET).optional(),
  concurrency: whole(1, 10_000).default(64),
  timeoutMs: whole(100, 24 * 60 * MINUTE).default(5 * MINUTE),
  idleTimeoutMs: whole(100, 24 * 60 * MINUTE).default(2 * MINUTE),
  channels: z.record(name, channel, "an object, a channel per id").default({}),
}, "an object");

/** The keys that the file has at its top. */
export const OCG_CONFIG_KEYS: readonly string[] = Object.keys(shape.shape);

/** Where a value is not what it should be. */
export interface ShapeIssue {
  /** The keys that lead to it. */
  readonly path: readonly PropertyKey[];
  /** What is allowed there. */
  readonly message: string;
}

/**
 * Judges what the file holds.
 *
 * @param value Its JSON value.
 * @returns The configuration with its defaults, or the first thing that is wrong.
 */
export function judgeOcgConfig(value: unknown): { config: OcgConfig } | { issue: ShapeIssue } {
  const parsed = shape.safeParse(value);
  if (parsed.success) return { config: parsed.data as unknown as OcgConfig };
  const issue = parsed.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    return { issue: { path: [...issue.path, issue.keys[0] ?? ""], message: "none of this name" } };
  }
  if (issue?.code === "invalid_key") return { issue: { path: issue.path, message: NAME } };
  return { issue: { path: issue?.path ?? [], message: issue?.message ?? "something else" } };
}

function isAgentUrl(value: string): boolean {
  return isServiceUrl(value) || /^ogp:[^/\s]+\/\S+$/.test(value);
}
