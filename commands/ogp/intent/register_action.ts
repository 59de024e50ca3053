/** What `mesh ogp intent register` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { INTENT_LIMITS } from "../../../lib/ogp/intents/record.ts";
import { registerIntent } from "../../../lib/ogp/intents/registry.ts";
import { decodeUtf8 } from "../../../lib/signing/utf8.ts";
import { toPlain } from "../../../lib/signing/json_plain.ts";
import type { ActionContext } from "../../define.ts";
import { readInput } from "../../input.ts";
import { safeText } from "../../terminal.ts";
import { jsonArgument } from "../federation/json_argument.ts";
import { isDaemonRunning } from "../federation/telling.ts";
import { openGatewayState } from "../gateway.ts";
import type { RegisterFlags } from "./commands.ts";
import { intentDocument } from "./intent_document.ts";

/**
 * Registers an intent.
 *
 * @param context The terminal.
 * @param flags What it does.
 * @param name Its name.
 */
export default async function (
  context: ActionContext,
  flags: RegisterFlags,
  name: string,
): Promise<void> {
  const { terminal } = context;
  const { description, sessionKey, timeout } = flags;
  if (timeout !== undefined && flags.handler === undefined) {
    throw new MeshError("usage", "--timeout is about a program, and none is given", {
      hint: "add --handler PATH",
    });
  }
  if (timeout !== undefined && (timeout < 100 || timeout > INTENT_LIMITS.timeoutMs)) {
    throw new MeshError("usage", "A program may run from 100ms to 1h");
  }
  for (const [flag, text] of [["description", description], ["session-key", sessionKey]] as const) {
    if (text !== undefined && text.length > INTENT_LIMITS.textLength) {
      throw new MeshError(
        "usage",
        `--${flag} is longer than ${INTENT_LIMITS.textLength} characters`,
      );
    }
  }
  const handler = flags.handler === undefined ? undefined : [absolute(flags.handler)];
  const schema = flags.schema === undefined ? undefined : await schemaFrom(flags.schema);
  const state = openGatewayState(context, flags);
  const { intent, replaced } = await registerIntent(
    state,
    { name, description, sessionKey, handler, schema, timeoutMs: timeout },
    new Date(),
  );
  terminal.document({ ok: true, replaced, ...intentDocument(intent) });
  terminal.line(`${replaced ? "Registered again" : "Registered"}: ${safeText(name)}`);
  if (terminal.json) return;
  terminal.note(
    `next, for whom you trust with it: mesh ogp federation grant PEER --intents ${name}`,
  );
  if (handler && await isDaemonRunning(state.root)) {
    terminal.note(
      "A daemon that was started while you had no programs may not start any: mesh ogp stop, and start it again.",
    );
  }
}

/** Where the daemon was started must not matter. A link stays a link: some programs look at their name. */
function absolute(path: string): string {
  return /^(?:\/|[A-Za-z]:[/\\])/.test(path) ? path : `${Deno.cwd()}/${path}`;
}

async function schemaFrom(given: string): Promise<unknown> {
  const isJson = /^\s*(?:\{|true\s*$|false\s*$)/.test(given);
  const text = isJson ? given : decodeUtf8(await readInput(given, INTENT_LIMITS.schemaBytes));
  return toPlain(jsonArgument(text, "schema"));
}
