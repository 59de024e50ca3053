/** What `mesh config show` does. @module */
import { nearest } from "../../lib/config/nearest.ts";
import { MeshError } from "../../lib/error.ts";
import type { ActionContext } from "../define.ts";
import { safeText } from "../terminal.ts";
import { SECTIONS } from "./find_key.ts";
import type { ShowFlags } from "./routes.ts";
import { readValues } from "./values.ts";

/** Longest value in a table; the whole one is in the file. */
const WIDEST = 80;

/**
 * Shows values.
 *
 * @param context The terminal.
 * @param flags What of them.
 * @param section What their keys begin with; all if it is left out.
 */
export default async function (
  context: ActionContext,
  flags: ShowFlags,
  section?: string,
): Promise<void> {
  const { terminal } = context;
  const all = await readValues(context, flags);
  const within = (key: string) =>
    section === undefined || key === section || key.startsWith(`${section}.`);
  const values = all.filter(({ key, source }) =>
    within(key) && (flags.effective || source !== "default")
  );
  if (values.length === 0 && section !== undefined) assertSection(section, all);
  terminal.document(values);
  if (values.length === 0) {
    terminal.line("Nothing is configured; every value is a default.");
  } else {
    terminal.table(
      [{ title: "KEY" }, { title: "VALUE" }, { title: "FROM" }],
      values.map(({ key, value, from }) => [safeText(key), printed(value), from]),
    );
  }
  if (!flags.effective && !terminal.json) {
    terminal.note("with defaults: mesh config show --effective");
  }
}

function printed(value: unknown): string {
  const text = safeText(typeof value === "string" ? value : JSON.stringify(value));
  return text.length <= WIDEST ? text : text.slice(0, WIDEST).toWellFormed() + "…";
}

function assertSection(section: string, all: readonly { key: string }[]): void {
  if (SECTIONS.includes(section) || all.some(({ key }) => key.startsWith(`${section}.`))) return;
  if (all.some(({ key }) => key === section)) return;
  const meant = nearest(section, [...SECTIONS, ...all.map(({ key }) => key)]);
  throw new MeshError("usage", `There is no section or key "${section}"`, {
    hint: meant === undefined
      ? `one of: ${SECTIONS.join(", ")}`
      : `mesh config show ${meant} --effective`,
  });
}
