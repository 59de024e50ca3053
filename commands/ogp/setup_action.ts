/** What `mesh ogp setup` does. @module */
import { MeshError } from "../../lib/error.ts";
import { announceIdentity } from "../../lib/ogp/identity_update.ts";
import { type OgpConfig, ogpConfig } from "../../lib/ogp/config.ts";
import type { OgpNode } from "../../lib/ogp/node.ts";
import { GATEWAY, listRunning, UP } from "../../lib/run/run_file.ts";
import type { ActionContext } from "../define.ts";
import { readInput } from "../input.ts";
import { Prompt } from "../prompt.ts";
import { safeText } from "../terminal.ts";
import { aboutAnswer, type Changes, changesIn, readAnswers } from "./answers.ts";
import { gatewayOutbox, openGateway } from "./gateway.ts";
import { askQuestions } from "./questions.ts";
import type { SetupFlags } from "./setup.ts";

/** Most bytes of an answers file. */
const LARGEST = 64 * 1024;

/** What peers are told of. */
const SHOWN = [
  "displayName",
  "email",
  "humanName",
  "agentName",
  "organization",
  "gatewayUrl",
] as const;

/**
 * Configures the gateway.
 *
 * @param context The terminal.
 * @param flags The answers, or where they are.
 */
export default async function (context: ActionContext, flags: SetupFlags): Promise<void> {
  const { terminal } = context;
  using before = await openGateway(context, flags);
  const changes = await changesFrom(context, flags, before);
  const section = ogpConfig(before.state.store);
  const config = await section.change(changes).catch((error) => {
    throw aboutAnswer(error);
  });
  using node = await openGateway(context, flags);
  const isNews = config.gatewayUrl && SHOWN.some((key) => before.config[key] !== config[key]);
  const told = isNews ? await announceIdentity(node, gatewayOutbox(node)) : 0;
  const { openclawToken, ...shown } = config;
  terminal.document({
    ok: true,
    config: { ...shown, openclawToken: openclawToken ? "set" : "not set" },
    peers_told: told,
  });
  for (const [label, value] of linesOf(node, config)) {
    terminal.line(`${label.padEnd(13)}${safeText(value)}`);
  }
  if (told > 0) {
    terminal.note(`${told === 1 ? "1 peer is" : `${told} peers are`} told of it by the daemon.`);
  }
  if (!terminal.json) terminal.note(await nextStep(node));
}

async function changesFrom(
  context: ActionContext,
  flags: SetupFlags,
  node: OgpNode,
): Promise<Changes> {
  const { terminal } = context;
  const flagged = changesIn(flags);
  if (flags.answers !== undefined) {
    const { changes, ignored } = readAnswers(await readInput(flags.answers, LARGEST));
    for (const key of ignored) {
      terminal.note(`"${key}" has no effect: the state is in ${node.state.root}.`);
    }
    return { ...changes, ...flagged };
  }
  if (Object.keys(flagged).length > 0) return flagged;
  if (!flags.nonInteractive && terminal.interactive && Deno.stdin.isTerminal()) {
    return await askQuestions(terminal, new Prompt(terminal), node);
  }
  throw new MeshError("usage", "There is nobody to ask, and no answers are given", {
    hint:
      "mesh ogp setup --non-interactive --answers FILE, or single values as flags: --gateway-url URL",
  });
}

function linesOf(node: OgpNode, config: OgpConfig): [string, string][] {
  return [
    ["gateway", node.displayName],
    ["url", config.gatewayUrl ?? "not set"],
    ["listens", `on ${config.host} port ${config.daemonPort}`],
    ["email", config.email || "not set"],
    ["openclaw", config.openclawUrl ?? "not set"],
    ["token", config.openclawToken ? "set" : "not set"],
  ];
}

async function nextStep({ state, config }: OgpNode): Promise<string> {
  const running = await listRunning(state.root);
  // What runs everything ran without it, or with what it was told before.
  if (running.some(({ name }) => name === UP)) {
    return "next: mesh stop, and mesh up --background, for it to take effect";
  }
  if (running.some(({ name }) => name === GATEWAY)) {
    return "next: mesh ogp stop, and mesh ogp start --background, for it to take effect";
  }
  if (!config.gatewayUrl) {
    return "next: mesh ogp setup --gateway-url URL, once you know where peers reach it";
  }
  return "next: mesh ogp start --background";
}
