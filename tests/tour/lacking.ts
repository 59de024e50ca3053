/**
 * What the tour needs that a machine may not have.
 *
 * @module
 */

/** The programs that it is made with. */
const PROGRAMS = ["unshare", "nsenter", "ip", "mount", "chroot", "ldd"];

/**
 * Looks at the machine.
 *
 * @returns What is missing, a sentence each; nothing where the tour can be taken.
 */
export async function lacking(): Promise<string[]> {
  if (Deno.build.os !== "linux") {
    return ["It needs Linux, whose network namespaces are its machines"];
  }
  const missing: string[] = [];
  const binary = Deno.env.get("MESH_BINARY");
  if (!binary || !await isFile(binary)) {
    missing.push("MESH_BINARY must name the compiled program; deno task compile makes dist/mesh");
  }
  const programs = [...PROGRAMS, ...(Deno.env.get("MESH_TOUR_ROOT") ? [] : ["busybox", "curl"])];
  for (const program of programs) {
    if (!await programPath(program)) missing.push(`The program "${program}" is not there`);
  }
  if (missing.length > 0) return missing;
  const user = Deno.uid() === 0 ? [] : ["--user", "--map-root-user"];
  const { success } = await new Deno.Command("unshare", {
    args: [...user, "--net", "--mount", "--pid", "--fork", "--mount-proc", "true"],
    stdout: "null",
    stderr: "null",
  }).output();
  return success ? [] : ["It may not make namespaces: it takes root, or user namespaces"];
}

/**
 * Looks for a program, also where only root looks.
 *
 * @param name Its name.
 * @returns Its path, if it is there.
 */
export async function programPath(name: string): Promise<string | undefined> {
  const path = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"];
  for (const folder of path) {
    if (await isFile(`${folder}/${name}`)) return `${folder}/${name}`;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isFile ?? false;
}
