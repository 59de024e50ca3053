/** What `mesh ogp project status` does. @module */
import { ownKey } from "../../../lib/ogp/card.ts";
import { getProject } from "../../../lib/ogp/projects/project_store.ts";
import {
  type TeamStatus,
  teamStatus,
  type TeamTopic,
} from "../../../lib/ogp/projects/team_status.ts";
import type { ActionContext } from "../../define.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { printRows } from "../federation/peer_words.ts";
import { gatewayOutbox, openGateway } from "../gateway.ts";
import type { StatusFlags } from "./own.ts";
import { counted, projectDocument, timeWords } from "./project_words.ts";
import { Who } from "./who.ts";

/**
 * Shows how a project stands.
 *
 * @param context The terminal.
 * @param flags Whether to ask the members.
 * @param id The project.
 */
export default async function (
  context: ActionContext,
  flags: StatusFlags,
  id: string,
): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const project = await getProject(node.state, id);
  const others = flags.local ? 0 : project.members.length;
  if (others > 0) terminal.progress(`Asking ${counted(others, "gateway")} …`);
  const team = await teamStatus(node, gatewayOutbox(node), project, { ask: !flags.local });
  terminal.endProgress();
  const who = await Who.known(node);
  terminal.document({
    project: { ...projectDocument(node, who, project), updatedAt: team.updatedAt },
    topics: team.topics.map((topic) => topicDocument(who, topic)),
    gateways: team.members.map(({ publicKey, state, reason, status }) => ({
      ...who.document(publicKey),
      ...{ state, reason, contributionCount: status && total(status.topics) },
    })),
  });
  if (terminal.json) return;
  printProject(terminal, who, team);
  printTopics(terminal, who, team, ownKey(node));
  for (const { publicKey, state, reason } of team.members) {
    if (state === "answered" || reason === undefined) continue;
    terminal.warn(`${who.label(publicKey)} is not in this view: ${safeText(reason)}.`);
  }
}

function printProject(terminal: Terminal, who: Who, { project, updatedAt }: TeamStatus): void {
  const { id, name, description, members, asking, joining, createdAt } = project;
  terminal.line(`${safeText(name)} (${id})`);
  printRows(terminal, [
    ["about", description],
    ["members", ["you", ...members.map(({ publicKey }) => who.label(publicKey))].join(", ")],
    ["open", joining === "open" ? "to every approved gateway" : undefined],
    ["created", timeWords(createdAt)],
    ["updated", timeWords(updatedAt)],
  ]);
  for (const { publicKey } of asking) {
    terminal.note(
      `${who.label(publicKey)} asks to be let in: mesh ogp project invite ${id} ${
        who.id(publicKey)
      }`,
    );
  }
}

function printTopics(
  terminal: Terminal,
  who: Who,
  { topics }: TeamStatus,
  own: string,
): void {
  terminal.line();
  if (topics.length === 0) return terminal.line("No entries yet.");
  const titles = ["TYPE", "ENTRIES", "BY", "LAST"];
  const rows = topics.map(({ name, at, contributors, lastContribution: last }) => [
    name,
    at.map(({ publicKey, contributionCount }) =>
      `${contributionCount} ${publicKey === own ? "here" : `at ${who.label(publicKey)}`}`
    ).join(", "),
    contributors.map((author) => who.label(author)).join(", "),
    last ? `${timeWords(last.timestamp)}, ${who.label(last.author)}: ${last.summary}` : "",
  ]);
  terminal.table(titles.map((title) => ({ title })), rows);
}

function topicDocument(who: Who, topic: TeamTopic): Record<string, unknown> {
  const { name, contributionCount, contributors, at, lastContribution: last } = topic;
  return {
    ...{ name, contributionCount, contributors: contributors.map((author) => who.id(author)) },
    lastContribution: last && {
      ...{ timestamp: last.timestamp, authorId: who.id(last.author), summary: last.summary },
      author: who.name(last.author),
    },
    at: at.map(({ publicKey, contributionCount }) => ({
      gateway: who.id(publicKey),
      contributionCount,
    })),
  };
}

function total(topics: readonly { readonly contributionCount: number }[]): number {
  return topics.reduce((sum, { contributionCount }) => sum + contributionCount, 0);
}
