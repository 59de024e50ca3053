/**
 * From nothing to a program on the PATH.
 *
 * @module
 */
import config from "../../../deno.json" with { type: "json" };
import type { Machine } from "../machine.ts";

/**
 * Installs it as the README says, and does what the installer's note says.
 *
 * @param machine Where.
 * @param url Where a release can be downloaded.
 */
export async function install(machine: Machine, url: string): Promise<void> {
  await machine.types(`curl -fsSLO ${url}/install.sh`, { shows: /^$/ });
  const target = `/home/${machine.name}/.local/bin`;
  const said = await machine.types(`MESH_BASE_URL=${url} sh install.sh`, {
    shows: new RegExp(`is installed: ${target}/mesh\n[^]*next: mesh init\n$`),
  });
  const [, line = ""] = /^ +(export PATH=.*)$/m.exec(said) ?? [];
  await machine.types(`echo '${line}' >> ~/.profile`, { shows: /^$/ });
  const version = config.version.replaceAll(".", "\\.");
  await machine.types("mesh --version", { shows: new RegExp(`^${version}\n$`) });
}
