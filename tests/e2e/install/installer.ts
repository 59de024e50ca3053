/**
 * Runs the installer in a home of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** The script. */
export const SCRIPT: string = fileURLToPath(
  new URL("../../../scripts/install.sh", import.meta.url),
);

/** What a run of the installer left behind. */
export interface Installed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run it. */
export interface InstallOptions {
  /** Where it downloads from. */
  readonly url?: string;
  /** The shell, with its arguments; by default `sh`. */
  readonly shell?: readonly string[];
  /** Another script than the one of the sources. */
  readonly script?: string;
  /** What to change in the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A user's home. Dispose of it. */
export class Home implements AsyncDisposable {
  private constructor(
    /** Its path. It has a blank in it, as homes may. */
    readonly path: string,
  ) {}

  /** Makes one. */
  static async make(): Promise<Home> {
    return new Home(await Deno.makeTempDir({ prefix: "mesh install-" }));
  }

  /** Where the program is put unless told otherwise. */
  get program(): string {
    return `${this.path}/.local/bin/mesh`;
  }

  /**
   * Runs the installer to its end.
   *
   * @param args Its arguments.
   * @param options Where from, and by what.
   */
  async install(
    args: readonly string[],
    { url, shell = ["sh"], script = SCRIPT, env = {} }: InstallOptions = {},
  ): Promise<Installed> {
    const [program = "sh", ...first] = shell;
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...first, script, ...args],
      clearEnv: true,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: this.path,
        ...(url === undefined ? {} : { MESH_BASE_URL: url }),
        ...env,
      },
      cwd: this.path,
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  /** Every file below a folder of the home, without the folders themselves. */
  async files(folder = "."): Promise<string[]> {
    const found: string[] = [];
    const visit = async (path: string): Promise<void> => {
      for await (const entry of Deno.readDir(path)) {
        if (entry.isDirectory) await visit(`${path}/${entry.name}`);
        else found.push(`${path}/${entry.name}`.slice(this.path.length + 1).replace(/^\.\//, ""));
      }
    };
    await visit(`${this.path}/${folder}`);
    return found.sort();
  }

  /**
   * A folder to be the whole PATH: only these programs, and those that are made up.
   *
   * @param programs Names of programs of this machine.
   * @param madeUp Shell scripts by name.
   * @returns The folder.
   */
  async onlyPath(
    programs: readonly string[],
    madeUp: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const folder = `${this.path}/path`;
    await Deno.mkdir(folder);
    for (const name of programs) {
      const real = await find(name);
      if (real !== undefined) await Deno.symlink(real, `${folder}/${name}`);
    }
    for (const [name, text] of Object.entries(madeUp)) {
      await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/**
 * Looks for a program.
 *
 * @param name Its name.
 * @returns Its path, if it is on the PATH.
 */
export async function find(name: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const { isFile } = await Deno.stat(`${folder}/${name}`).catch(() => ({ isFile: false }));
    if (isFile) return `${folder}/${name}`;
  }
  return undefined;
}

/** The programs that the installer uses besides those to download and to add up with. */
export const TOOLS: readonly string[] = [
  ...["sh", "uname", "mkdir", "mktemp", "chmod", "mv", "rm", "rmdir", "head", "awk", "grep", "cat"],
];
