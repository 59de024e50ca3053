/** What `mesh skills list` does. @module */
import denoJson from "../../deno.json" with { type: "json" };
import { lookAt, type SkillState } from "../../lib/skills/install.ts";
import { SKILLS } from "../../lib/skills/skills.ts";
import type { ActionContext } from "../define.ts";
import { places } from "./places.ts";
import type { ListFlags } from "./routes.ts";

const WORDS: Readonly<Record<SkillState, string>> = {
  absent: "-",
  current: "up to date",
  older: "older",
  newer: "newer",
  edited: "edited",
  foreign: "another's",
};

/**
 * Lists the skills.
 *
 * @param context The terminal.
 * @param flags Where to look.
 */
export default async function (context: ActionContext, flags: ListFlags): Promise<void> {
  const { terminal } = context;
  const where = await places(context, flags);
  const rows = await Promise.all(SKILLS.map(async (skill) => ({
    ...skill,
    installed: await Promise.all(where.map(async ({ host, folder }) => {
      const { path, state } = await lookAt(folder, skill, denoJson.version);
      return { host, path, state };
    })),
  })));
  terminal.document(rows.map(({ text: _text, ...row }) => row));
  terminal.table(
    [{ title: "SKILL" }, ...where.map(({ title }) => ({ title })), { title: "WHAT FOR" }],
    rows.map(({ name, description, installed }) => [
      name,
      ...installed.map(({ state }, i) =>
        where[i]?.isThere || state !== "absent" ? WORDS[state] : "no program"
      ),
      description,
    ]),
  );
  const stale = rows.some(({ installed }) =>
    installed.some(({ state }, i) => where[i]?.isThere && ["absent", "older"].includes(state))
  );
  if (stale && !terminal.json) terminal.note("next: mesh skills install");
}
