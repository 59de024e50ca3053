/**
 * The tour: two machines that have nothing but a shell and the means to download a file, on a network of
 * their own without a way out. A new user installs the program on both, makes them find, trust and write
 * to each other, federates them, puts a chat in front of an agent, looks at what the program says about
 * itself, and takes it away again. What is printed is what was typed and what it answered.
 *
 * Run it with `MESH_BINARY=dist/mesh deno task tour`. `MESH_TOUR_ROOT` names a folder with a clean system
 * for both machines, such as `debootstrap --variant=minbase --include=curl` makes; without one they get
 * Busybox, curl and the C library. It needs Linux, and root or user namespaces.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { fileURLToPath } from "node:url";
import { interrupted } from "../../scripts/interrupted.ts";
import { lacking } from "./lacking.ts";

/** Starts the tour in namespaces of its own, so that nothing of it can stay. */
async function main(): Promise<number> {
  const missing = await lacking();
  if (missing.length > 0) {
    console.error(`tour: cannot be taken here:\n${missing.map((one) => `  ${one}\n`).join("")}`);
    return 1;
  }
  const folder = await Deno.makeTempDir({ prefix: "mesh-tour-" });
  await Deno.chmod(folder, 0o755);
  const interruption = interrupted();
  const child = new Deno.Command("unshare", {
    args: [
      ...(Deno.uid() === 0 ? [] : ["--user", "--map-root-user"]),
      ...["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"],
      // The first process of the namespace inherits what daemons leave; a shell sees to it that they go.
      ...["sh", "-c", '"$@"; exit $?', "tour"],
      ...[Deno.execPath(), "run", "--allow-all", "--no-check"],
      ...[fileURLToPath(new URL("inside.ts", import.meta.url)), folder],
    ],
    stdin: "null",
  }).spawn();
  const ended = child.status.then(({ code }) => code);
  const code = await Promise.race([ended, interruption.code]);
  if (await Promise.race([ended, undefined]) === undefined) child.kill("SIGKILL");
  await ended;
  await Deno.remove(folder, { recursive: true });
  interruption.ignore();
  return code;
}

if (import.meta.main) Deno.exit(await main());
