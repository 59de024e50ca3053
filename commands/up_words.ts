/**
 * What `mesh up` says once everything listens.
 *
 * @module
 */
import type { Up } from "../server/up.ts";
import type { Teller } from "./daemon_words.ts";
import { surfaceName } from "./running_words.ts";
import type { Terminal } from "./terminal.ts";
import type { UpParts } from "./up_parts.ts";

/** What there is to say, and who says it. */
export interface UpWords {
  readonly teller: Teller;
  readonly terminal: Terminal;
  readonly up: Up;
  readonly parts: UpParts;
  /** Whether all of it goes to a log. */
  readonly isLogged: boolean;
}

/**
 * Says where everything listens, and what does not run.
 *
 * @param words What there is to say.
 */
export function sayWhere({ teller, terminal, up, parts, isLogged }: UpWords): void {
  const admin = parts.admin()?.port;
  const surfaces = [
    ...up.daemons.map(({ port, running: { name, host } }) => ({ name, host, port })),
    ...(admin === undefined ? [] : [{ name: "admin", host: "127.0.0.1", port: admin }]),
  ];
  const host = up.running.host;
  const port = admin ?? up.daemons[0]?.port ?? 0;
  const where = surfaces.map(({ name, host, port }) =>
    `${surfaceName(name)} on ${host} port ${port}`
  );
  teller.listening(
    { kind: "listening", ok: true, host, port, state_dir: parts.store.root, surfaces },
    `listening: ${where.join(", ")}`,
  );
  for (const note of parts.plan.notes) teller.note(note);
  const link = parts.channels()?.webchatUrl();
  if (link === undefined || terminal.json || isLogged) return;
  // The link lets in whoever has it: a person may see it, a log may not.
  if (Deno.stdout.isTerminal()) terminal.line(`To chat with the agent, open: ${link}`);
  else teller.note("To chat with the agent, open the link that is shown by: mesh ocg status");
}
