/** What `mesh ogp intent list` does. @module */
import { INTENTS } from "../../../lib/ogp/intents.ts";
import type { RegisteredIntent } from "../../../lib/ogp/intents/record.ts";
import { registeredIntents } from "../../../lib/ogp/intents/registry.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { openGatewayState } from "../gateway.ts";
import { intentDocument } from "./intent_document.ts";

/** What the intents are for that are built in. */
const PURPOSES: Readonly<Record<string, string>> = {
  "message": "A text",
  "task-request": "Something to do",
  "status-update": "How something goes",
  "agent-comms": "From agent to agent, about a topic",
  "project.join": "To be let into a project",
  "project.contribute": "A contribution to a project",
  "project.query": "Contributions to a project",
  "project.status": "How a project goes",
};

/**
 * Lists intents.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const registered = await registeredIntents(openGatewayState(context, flags));
  terminal.document([
    ...INTENTS.map((name) => ({ name, builtIn: true, description: PURPOSES[name] })),
    ...registered.map(intentDocument),
  ]);
  const titles = ["INTENT", "KIND", "GOES TO", "SCHEMA", "DESCRIPTION"];
  terminal.table(titles.map((title) => ({ title })), [
    ...INTENTS.map((name) => [name, "built in", goesTo(name), "", PURPOSES[name] ?? ""]),
    ...registered.map((intent) => [
      intent.name,
      "yours",
      destination(intent),
      intent.schema === undefined ? "" : "yes",
      intent.description ?? "",
    ]),
  ]);
}

function goesTo(name: string): string {
  return name.startsWith("project.") ? "projects" : "your agent";
}

function destination({ handler, sessionKey }: RegisteredIntent): string {
  if (handler) return handler.join(" ");
  return sessionKey === undefined ? "your agent" : `your agent, ${sessionKey}`;
}
