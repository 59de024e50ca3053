/** What `mesh ogp expose status` does. @module */
import { messageOf } from "../../lib/error.ts";
import { EXPOSE, readExposed } from "../../lib/expose/exposed.ts";
import { ownKey } from "../../lib/ogp/card.ts";
import { listRunning } from "../../lib/run/run_file.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { safeText } from "../terminal.ts";
import { ago } from "../text.ts";
import { assertLeadsTo } from "./expose_gateway.ts";
import { openGateway } from "./gateway.ts";

/**
 * Shows the tunnel.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  using node = await openGateway(context, flags);
  const process = (await listRunning(node.state.root)).find(({ name }) => name === EXPOSE);
  const exposed = await readExposed(node.state.store);
  const isOpen = exposed !== undefined && exposed.pid === process?.pid;
  const problem = isOpen ? await whyNot(exposed.url, ownKey(node)) : undefined;
  terminal.document({
    ok: true,
    open: isOpen,
    ...(process ? { pid: process.pid } : {}),
    ...(exposed ? { method: exposed.method, url: exposed.url, since: exposed.since } : {}),
    ...(isOpen ? { leads_here: problem === undefined, problem: problem ?? null } : {}),
  });
  if (isOpen) {
    const { url, method, since, pid } = exposed;
    terminal.line(
      problem === undefined
        ? `${url} leads to this gateway.`
        : `${url} does not lead to this gateway: ${safeText(problem)}`,
    );
    terminal.line(`${method}, process ${pid}, opened ${ago(new Date(since))}`);
  } else if (process) {
    terminal.line(`A tunnel is being opened (process ${process.pid}).`);
  } else if (exposed) {
    terminal.line(`No tunnel is open; that at ${exposed.url} died: mesh ogp expose stop`);
  } else {
    terminal.line("No tunnel is open.");
    if (!terminal.json) terminal.note("next: mesh ogp expose --background");
  }
}

async function whyNot(url: string, publicKey: string): Promise<string | undefined> {
  try {
    await assertLeadsTo(url, publicKey);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
