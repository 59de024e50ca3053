/** What `mesh skills install` does. @module */
import denoJson from "../../deno.json" with { type: "json" };
import { MeshError } from "../../lib/error.ts";
import { install, type InstallResult, type SkillState } from "../../lib/skills/install.ts";
import { type Skill, SKILLS } from "../../lib/skills/skills.ts";
import type { ActionContext } from "../define.ts";
import { nearest } from "../../lib/config/nearest.ts";
import { safeText } from "../terminal.ts";
import { placesToInstall } from "./places.ts";
import type { InstallFlags } from "./routes.ts";

/** Why a file was kept. */
const WHY: Readonly<Partial<Record<SkillState, string>>> = {
  edited: "it was edited",
  newer: "it is from a newer version",
  foreign: "it comes from elsewhere",
};

/** Exit code if something was kept: it clashes with what is there. */
const KEPT = 5;

/**
 * Installs skills.
 *
 * @param context The terminal.
 * @param flags Where to.
 * @param names Which ones; all if none is named.
 * @returns The exit code.
 */
export default async function (
  context: ActionContext,
  flags: InstallFlags,
  ...names: string[]
): Promise<number> {
  const { terminal } = context;
  const chosen = names.length === 0 ? SKILLS : names.map(named);
  const results: InstallResult[] = [];
  for (const { folder } of await placesToInstall(context, flags)) {
    for (const skill of chosen) {
      results.push(await install(folder, skill, denoJson.version, flags.force));
    }
  }
  const kept = results.filter(({ done }) => done === "kept");
  terminal.document({
    ok: kept.length === 0,
    skills: results.map(({ skill: { name }, path, state, done }) => ({ name, path, state, done })),
  });
  for (const { path, done, state } of results) {
    if (done === "kept") terminal.warn(`"${safeText(path)}" was kept: ${WHY[state]}`);
    else terminal.line(`${(done === "nothing" ? "up to date" : done).padEnd(12)}${safeText(path)}`);
  }
  if (kept.length === 0) return 0;
  if (!terminal.json) terminal.note("To write over what was kept: mesh skills install --force");
  return KEPT;
}

function named(name: string): Skill {
  const found = SKILLS.find((skill) => skill.name === name);
  if (found) return found;
  const meant = nearest(name, SKILLS.map((skill) => skill.name));
  throw new MeshError("usage", `There is no skill "${name}"`, {
    hint: meant === undefined ? "mesh skills list" : `mesh skills install ${meant}`,
  });
}
