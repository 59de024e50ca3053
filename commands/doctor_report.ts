/**
 * The report of `mesh doctor --bundle`.
 *
 * @module
 */
import { gatherBundle } from "../lib/doctor/bundle.ts";
import type { Finding } from "../lib/doctor/check.ts";
import type { DoctorContext } from "../lib/doctor/context.ts";
import { MeshError, messageOf } from "../lib/error.ts";
import { findOcgConfig } from "../lib/ocg/config_file.ts";
import type { ActionContext } from "./define.ts";

/** Variables whose being set may explain something. */
const VARIABLES = [
  ...["MESH_STATE_DIR", "OPENCLAW_AGENT_MESH_DIR", "OGP_HOME", "OPENCLAW_STATE_DIR"],
  ...["OCG_CONFIG_PATH", "OCG_AGENT_URL", "OCG_MODEL", "OCG_API_KEY", "OCG_VERBOSE", "NO_COLOR"],
] as const;

/**
 * Writes the report.
 *
 * @param context The environment.
 * @param doctor The node.
 * @param findings What the checks found.
 * @param path The file to write.
 * @throws {MeshError} `exists` if it is there, `io` if it cannot be written.
 */
export async function writeReport(
  { env }: ActionContext,
  doctor: DoctorContext,
  findings: readonly Finding[],
  path: string,
): Promise<void> {
  const { root } = doctor.state;
  const report = await gatherBundle(doctor, findings, {
    home: env("HOME") ?? env("USERPROFILE"),
    variables: VARIABLES.filter((name) => env(name)),
    files: {
      "config.json": `${root}/config.json`,
      "ocg.json": await findOcgConfig(root, env),
    },
  });
  try {
    await Deno.writeTextFile(path, JSON.stringify(report, null, 2) + "\n", {
      createNew: true,
      mode: 0o600,
    });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new MeshError("exists", `"${path}" is there already`, {
        hint: "name another file: mesh doctor --bundle FILE",
      });
    }
    throw new MeshError("io", `Cannot write "${path}": ${messageOf(error)}`, { cause: error });
  }
}
