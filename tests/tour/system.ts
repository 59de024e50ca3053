/**
 * A machine's file system: a clean system that it can only read, and an empty home.
 *
 * @module
 */
import { programPath } from "./lacking.ts";
import { tool } from "./tool.ts";

/** What every machine has of its own. */
const OWN = new Set(["dev", "home", "lost+found", "mnt", "proc", "root", "run", "sys", "tmp"]);

/** What a program may expect in `/dev`. */
const DEVICES = ["full", "null", "random", "tty", "urandom", "zero"];

/**
 * Makes a system of Busybox, curl, the C library, and nothing else.
 *
 * @param folder Where; it must not exist.
 * @param binary The program that it shall be able to run.
 */
export async function makeSmallSystem(folder: string, binary: string): Promise<void> {
  for (const name of ["bin", "etc", "usr"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  await Deno.symlink("../bin", `${folder}/usr/bin`);
  for (const name of ["busybox", "curl"]) {
    const path = await programPath(name) ?? name;
    await Deno.copyFile(path, `${folder}/bin/${name}`);
    await copyLibraries(path, folder);
  }
  await copyLibraries(binary, folder);
  for (const applet of (await tool("busybox", "--list")).trim().split("\n")) {
    // Its wget cannot be relied on: Debian's crashes when it is given a time limit.
    if (applet === "busybox" || applet === "wget") continue;
    await Deno.symlink("busybox", `${folder}/bin/${applet}`);
  }
}

/** Copies the libraries that a program is loaded with; one that is linked statically has none. */
async function copyLibraries(program: string, folder: string): Promise<void> {
  const list = await tool("ldd", program).catch(() => "");
  for (const [, path = ""] of list.matchAll(/(?:^\s*|=> )(\/\S+) \(0x/gm)) {
    await Deno.mkdir(folder + path.replace(/[^/]+$/, ""), { recursive: true });
    await Deno.copyFile(path, folder + path);
  }
}

/**
 * Puts a machine's file system together out of mounts, in this process' mount namespace.
 *
 * @param system A folder with a clean system.
 * @param root Where the machine sees it as `/`; it must not exist.
 * @param home The home folder, as the machine sees it.
 * @param owner Whose home it is.
 */
export async function mountSystem(
  system: string,
  root: string,
  home: string,
  owner: number,
): Promise<void> {
  await Deno.mkdir(root, { recursive: true });
  for await (const { name, isSymlink, isDirectory } of Deno.readDir(system)) {
    const [from, to] = [`${system}/${name}`, `${root}/${name}`];
    if (isSymlink) await Deno.symlink(await Deno.readLink(from), to);
    else if (isDirectory && !OWN.has(name)) {
      await Deno.mkdir(to);
      await tool("mount", "--bind", from, to);
      await tool("mount", "-o", "remount,bind,ro", to);
    }
  }
  for (const name of ["dev", "proc", "tmp"]) await Deno.mkdir(`${root}/${name}`);
  await Deno.chmod(`${root}/tmp`, 0o1777);
  await tool("mount", "--rbind", "/proc", `${root}/proc`);
  for (const name of DEVICES) {
    await Deno.writeTextFile(`${root}/dev/${name}`, "");
    await tool("mount", "--bind", `/dev/${name}`, `${root}/dev/${name}`);
  }
  await Deno.mkdir(root + home, { recursive: true, mode: 0o755 });
  await Deno.chown(root + home, owner, owner);
}
