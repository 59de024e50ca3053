/** What `mesh ogp import` does. @module */
import { MeshError } from "../../lib/error.ts";
import { readPrivateKey } from "../../lib/identity/key_file.ts";
import type { Fate, Finding } from "../../lib/ogp/import/finding.ts";
import { planImport } from "../../lib/ogp/import/plan.ts";
import { decodeUtf8 } from "../../lib/signing/utf8.ts";
import type { ActionContext } from "../define.ts";
import { readInput } from "../input.ts";
import type { Terminal } from "../terminal.ts";
import { openGatewayState } from "./gateway.ts";
import type { ImportFlags } from "./import.ts";
import { Import } from "./import_apply.ts";
import { isKeyOpen, readFolder, seemsToRun } from "./import_files.ts";

/** Most bytes of a secret's file. */
const LARGEST_SECRET = 16 * 1024;

/** How each fate is said. */
const WORDS: Readonly<Record<Fate, string>> = {
  taken: "taken",
  there: "there already",
  later: "kept for later",
  ignored: "not needed",
  refused: "not taken",
};

/**
 * Imports what OGP's own program left.
 *
 * @param context The terminal.
 * @param flags How.
 * @param given The folder; by default `$OGP_HOME`, else `~/.ogp`.
 * @returns 0, or 4 if something could not be taken.
 */
export default async function (
  context: ActionContext,
  flags: ImportFlags,
  given?: string,
): Promise<number> {
  const { terminal } = context;
  const folder = folderOf(context, given);
  const state = openGatewayState(context, flags);
  const files = await readFolder(folder);
  const plan = planImport(files, {
    ownKey: (await readPrivateKey(state.root))?.publicKey.der,
    secret: await secretFrom(flags),
    now: new Date(),
  });
  const findings = await new Import(state, plan, flags).run();
  report(terminal, findings, { folder, root: state.root, dryRun: flags.dryRun });
  if (!terminal.json) await advise(terminal, folder, findings);
  return findings.some(({ fate }) => fate === "refused") ? 4 : 0;
}

function folderOf({ env }: ActionContext, given: string | undefined): string {
  const named = given ?? env("OGP_HOME");
  if (named) return named;
  const home = env("HOME") ?? env("USERPROFILE");
  if (home) return `${home}/.ogp`;
  throw new MeshError("usage", "There is no home directory to look in", {
    hint: "mesh ogp import FOLDER",
  });
}

async function secretFrom({ secretFile }: ImportFlags): Promise<string | undefined> {
  if (secretFile === undefined) return undefined;
  const secret = decodeUtf8(await readInput(secretFile, LARGEST_SECRET)).trim();
  if (secret !== "") return secret;
  throw new MeshError("usage", `There is no secret in "${secretFile}"`);
}

function report(
  terminal: Terminal,
  findings: readonly Finding[],
  { folder, root, dryRun }: { folder: string; root: string; dryRun: boolean },
): void {
  const counts = countOf(findings);
  terminal.document({
    ok: counts.refused === 0,
    folder,
    state_dir: root,
    dry_run: dryRun,
    counts,
    findings,
  });
  terminal.table(
    ["", "FILE", "WHAT", "AS"].map((title) => ({ title })),
    findings.map(({ fate, file, item, detail }) => [WORDS[fate], file, item, detail]),
  );
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
    .map(([fate, count]) => `${count} ${WORDS[fate as Fate]}`);
  terminal.line(`${parts.join(", ")}.`);
  if (dryRun) terminal.line("Nothing was changed: this was a dry run.");
}

function countOf(findings: readonly Finding[]): Record<Fate, number> {
  const counts = { taken: 0, there: 0, later: 0, ignored: 0, refused: 0 };
  for (const { fate } of findings) counts[fate]++;
  return counts;
}

async function advise(
  terminal: Terminal,
  folder: string,
  findings: readonly Finding[],
): Promise<void> {
  const tookKey = findings.some(({ file, fate }) => file === "keypair.json" && fate === "taken");
  if (tookKey && await isKeyOpen(folder)) {
    terminal.warn(
      `Others on this machine could read the key in "${folder}": chmod 600 '${folder}/keypair.json'`,
    );
  }
  terminal.note(
    await seemsToRun(folder)
      ? "next: stop the other program (ogp stop), then: mesh ogp start --background"
      : "next: mesh ogp status, and mesh ogp start --background",
  );
}
