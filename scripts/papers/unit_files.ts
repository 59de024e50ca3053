/**
 * The files of services as they are with everything in its usual place, for those who install by hand.
 *
 * @module
 */
import { launchdPlist } from "../../lib/service/launchd_plist.ts";
import type { ServiceScope, ServiceSpec } from "../../lib/service/service_spec.ts";
import { systemdUnit } from "../../lib/service/systemd_unit.ts";

const LINUX_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const MACOS_PATH = "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/** `%h` is the home directory of whoever the unit belongs to. */
const USER_STATE = "%h/.openclaw/agent-mesh";

/**
 * Writes the files.
 *
 * @returns Their texts by path below the project's folder.
 */
export function unitFiles(): Record<string, string> {
  const user = systemdUnit(spec("user", LINUX_PATH, "HOME_STATE"));
  return {
    "etc/systemd/user/mesh.service": user.replaceAll("HOME_STATE", USER_STATE),
    "etc/systemd/system/mesh.service": systemdUnit(spec("system", LINUX_PATH, "/var/lib/mesh")),
    "etc/launchd/openclaw-mesh.mesh.plist": launchdPlist(
      spec("user", MACOS_PATH, "/Users/anna/.openclaw/agent-mesh"),
    ),
  };
}

function spec(scope: ServiceScope, path: string, stateDir: string): ServiceSpec {
  return {
    name: "mesh",
    scope,
    program: ["/usr/local/bin/mesh"],
    command: ["up"],
    stateDir,
    path,
    writable: [],
    ...(scope === "system" ? { user: "mesh" } : {}),
  };
}
