/**
 * The folders that skills are installed in: where OpenClaw and Claude Code look for those of their user.
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import type { ActionContext } from "../define.ts";
import type { Host, InstallFlags, ListFlags } from "./routes.ts";

/** A folder of skills. */
export interface Place {
  /** Whose it is, in words. */
  readonly title: string;
  /** Whose it is; `dir` if it was named. */
  readonly host: Host | "dir";
  /** The folder. */
  readonly folder: string;
  /** Whether the program is on this machine. */
  readonly isThere: boolean;
}

/**
 * The folders that there are to look at.
 *
 * @param context The environment.
 * @param flags What was asked for.
 * @returns The named one, else those of both programs.
 * @throws {MeshError} `usage` if there is no home directory to look in.
 */
export async function places({ env }: ActionContext, { dir }: ListFlags): Promise<Place[]> {
  if (dir !== undefined) return [{ title: "HERE", host: "dir", folder: dir, isThere: true }];
  const home = env("HOME") ?? env("USERPROFILE");
  if (!home) {
    throw new MeshError("usage", "There is no home directory to look for skills in", {
      hint: "pass --dir",
    });
  }
  const openclaw = env("OPENCLAW_STATE_DIR") || `${home}/.openclaw`;
  const claude = env("CLAUDE_CONFIG_DIR") || `${home}/.claude`;
  return [
    {
      title: "OPENCLAW",
      host: "openclaw",
      folder: `${openclaw}/skills`,
      isThere: await hasMoreThanOurs(openclaw),
    },
    {
      title: "CLAUDE CODE",
      host: "claude",
      folder: `${claude}/skills`,
      isThere: await hasMoreThanOurs(claude),
    },
  ];
}

/**
 * The folders to install in.
 *
 * @param context The environment.
 * @param flags What was asked for.
 * @returns Those that were asked for, else those of programs on this machine.
 * @throws {MeshError} `usage` if two things were asked for, `not_found` if there is no such program.
 */
export async function placesToInstall(
  context: ActionContext,
  flags: InstallFlags,
): Promise<Place[]> {
  if (flags.dir !== undefined && flags.for !== undefined) {
    throw new MeshError("usage", "Either --for or --dir says where to");
  }
  const all = await places(context, flags);
  if (flags.for !== undefined) {
    return all.filter(({ host }) => flags.for === "all" || flags.for === host);
  }
  const there = all.filter(({ isThere }) => isThere);
  if (there.length > 0) return there;
  throw new MeshError("not_found", "Neither OpenClaw nor Claude Code is on this machine", {
    hint: "mesh skills install --for claude, or --for openclaw, or --dir DIR",
  });
}

/** Our own state is in OpenClaw's folder by default, also where there is no OpenClaw. */
async function hasMoreThanOurs(folder: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(folder)) if (name !== "agent-mesh") return true;
    return false;
  } catch {
    return false;
  }
}
