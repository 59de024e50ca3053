/**
 * The tunnel programs, and which of them this machine has.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { findProgram } from "../process/find_program.ts";
import { cloudflared } from "./cloudflared.ts";
import { ngrok } from "./ngrok.ts";
import { tailscale } from "./tailscale.ts";
import type { System, TunnelMethod, TunnelProgram } from "./tunnel_program.ts";

/** All of them; the first is taken if none is named. */
export const PROGRAMS: Readonly<Record<TunnelMethod, TunnelProgram>> = {
  cloudflared,
  ngrok,
  tailscale,
};

/** The values of `--method`. */
export const METHODS: readonly TunnelMethod[] = ["cloudflared", "ngrok", "tailscale"];

/**
 * Finds a tunnel program on this machine.
 *
 * @param method Which one.
 * @param find Looks a name up on the `PATH`; the default does.
 * @param system What this machine runs; its own by default.
 * @returns Its path.
 * @throws {MeshError} `unavailable` if it is not there; the hint says how to install it, and which of the
 * others is there.
 *
 * @example
 * ```ts
 * import { findTunnelProgram } from "./programs.ts";
 * import { assertRejects } from "@std/assert";
 * import { MeshError } from "../error.ts";
 *
 * const nothing = () => Promise.resolve(undefined);
 * const error = await assertRejects(
 *   () => findTunnelProgram("ngrok", nothing, "darwin"),
 *   MeshError,
 *   '"ngrok" is not on the PATH',
 * );
 * if (error.hint !== "brew install ngrok") throw error;
 * ```
 */
export async function findTunnelProgram(
  method: TunnelMethod,
  find: (name: string) => Promise<string | undefined> = findProgram,
  system: string = Deno.build.os,
): Promise<string> {
  const path = await find(method);
  if (path !== undefined) return path;
  const there: string[] = [];
  for (const other of METHODS) if (other !== method && await find(other)) there.push(other);
  const install = PROGRAMS[method].install[systemOf(system)];
  const instead = there.map((other) => `; or take what is there: --method ${other}`).slice(0, 1);
  throw new MeshError("unavailable", `The program "${method}" is not on the PATH`, {
    hint: [install, ...instead].join(""),
  });
}

/** Other systems are nearest to Linux in how programs get there. */
function systemOf(os: string): System {
  return os === "darwin" || os === "windows" ? os : "linux";
}
