/**
 * The `notify` section of `config.json`: its shape, and reading it.
 *
 * @module
 */
import { z } from "zod";
import { ConfigSection } from "../config/config_file.ts";
import type { FileStore } from "../store/file_store.ts";
import type { NotifyConfig } from "./config_types.ts";
import { webhookKey } from "./standard_webhook.ts";

const MINUTE = 60_000;

const url = z.string().max(2000)
  .refine(isServiceUrl, "not an http(s) URL without user name and password");
/** What can stand in a header; the message never repeats it. */
const token = z.string().regex(/^[!-~]{1,4096}$/, "not a token: only visible ASCII, no blanks");
const word = z.string().min(1).max(200);
const milliseconds = (fallback: number) => z.int().min(100).max(60 * MINUTE).default(fallback);

const openclaw = z.strictObject({
  type: z.literal("openclaw"),
  url: url.default("http://127.0.0.1:18789"),
  hooksToken: token.optional(),
  hooksPath: z.string().regex(/^(?:\/[\w.~-]+)+$/, "not a path such as /hooks").default("/hooks"),
  agentId: word.optional(),
  sessionKey: word.optional(),
  deliver: z.boolean().optional(),
  channel: word.optional(),
  to: word.optional(),
  a2a: z.strictObject({ token, peer: word.optional() }).optional(),
  timeoutMs: milliseconds(5 * MINUTE),
}).refine(({ hooksToken, a2a }) => hooksToken !== undefined || a2a !== undefined, {
  message: "hooksToken or a2a is needed",
  path: ["hooksToken"],
});

const hermes = z.strictObject({
  type: z.literal("hermes"),
  url,
  secret: z.string().min(1).max(4096),
  timeoutMs: milliseconds(30_000),
});

const webhook = z.strictObject({
  type: z.literal("webhook"),
  url,
  secrets: z.array(
    z.string().max(200).refine(
      (secret) => webhookKey(secret) !== undefined,
      "not a secret: whsec_ and 24 to 64 bytes of base64",
    ),
  ).min(1).max(10),
  replies: z.boolean().default(false),
  timeoutMs: milliseconds(30_000),
});

const agent = z.strictObject({
  type: z.literal("agent"),
  url,
  apiKey: token.optional(),
  model: word.optional(),
  system: z.string().min(1).max(100_000).optional(),
  stream: z.boolean().default(false),
  timeoutMs: milliseconds(5 * MINUTE),
  idleTimeoutMs: milliseconds(2 * MINUTE),
  sessionHeader: z.string().regex(/^[A-Za-z][\w-]{0,99}$/, "not the name of a header")
    .refine((name) => !RESERVED.has(name.toLowerCase()), "a header that has another meaning")
    .optional(),
});

const command = z.strictObject({
  type: z.literal("command"),
  argv: z.tuple(
    [z.string().refine(isProgram, "not a program: a name or an absolute path")],
    z.string().max(10_000).refine((text) => !text.includes("\0"), "no NUL is possible here"),
  ),
  timeoutMs: milliseconds(30_000),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string().max(10_000)).optional(),
});

const none = z.strictObject({ type: z.literal("none") });

const targetName = z.string().regex(/^[\w.-]{1,100}$/, "not a name for a target");

const shape = z.strictObject({
  default: targetName.optional(),
  targets: z.record(
    targetName,
    z.discriminatedUnion("type", [openclaw, hermes, webhook, agent, command, none]),
  ).default({}),
  routes: z.array(z.strictObject({
    peer: word.optional(),
    topic: word.optional(),
    intent: word.optional(),
    target: targetName,
  })).max(1000).default([]),
}).superRefine(({ default: fallback, targets, routes }, context) => {
  const check = (name: string, path: (string | number)[]) => {
    if (name === "none" || Object.hasOwn(targets, name)) return;
    context.addIssue({ code: "custom", message: `there is no target "${name}"`, path });
  };
  if (fallback !== undefined) check(fallback, ["default"]);
  routes.forEach(({ target }, i) => check(target, ["routes", i, "target"]));
});

/** Headers that a request needs for itself. */
const RESERVED: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

/**
 * The section of a root.
 *
 * @param store The root's store.
 * @returns Reads and changes it.
 */
export function notifyConfig(store: FileStore): ConfigSection<NotifyConfig> {
  return new ConfigSection<NotifyConfig>(store, "notify", shape);
}

function isServiceUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" &&
    url.password === "";
}

/** A path that starts elsewhere would depend on where the daemon was started. */
function isProgram(name: string): boolean {
  return name !== "" && name.length <= 4096 && !name.includes("\0") &&
    (!/[/\\]/.test(name) || /^(?:\/|[A-Za-z]:[/\\])/.test(name));
}
