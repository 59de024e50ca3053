/**
 * A machine with a `PATH` of its own, on which there is an npm that installs from folders.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Environment } from "../../../../lib/ocg/config_file.ts";
import { OPENCLAW_VERSION } from "../../../../lib/ocg/plugins/package_facts.ts";
import { denoRuntime, NODE_PACKAGE } from "../../../../lib/ocg/plugins/runtime.ts";
import { SDK } from "./fakes.ts";

/** What a plugin's package says beside its name. */
export interface Wares {
  /** Its version. */
  readonly version?: string;
  /** The file of `packages/` that is its entry, or the entry itself. */
  readonly entry?: string;
  /** Its channel; `null` for none. */
  readonly channel?: string | null;
  /** The rest of its `package.json`. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The machine. Dispose of it: it is gone, with its state directory. */
export class Shelf implements AsyncDisposable {
  /** The state directory. */
  readonly root: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.root = `${folder}/state`;
  }

  /** Sets one up: with npm and OpenClaw, and without a Node that serves. */
  static async open(): Promise<Shelf> {
    const shelf = new Shelf(await Deno.makeTempDir());
    const folder = shelf.#folder;
    for (const name of ["bin", "registry", "home"]) await Deno.mkdir(`${folder}/${name}`);
    const npm = fileURLToPath(new URL("./fake_npm.ts", import.meta.url));
    const deno = `'${Deno.execPath()}' run -A --no-check`;
    await script(`${folder}/bin/npm`, `exec ${deno} '${npm}' '${folder}/registry' "$@"`);
    await script(`${folder}/bin/node`, "echo v20.1.0");
    await shelf.stock("openclaw", {
      version: OPENCLAW_VERSION,
      channel: null,
      more: {
        engines: { node: ">=24.16.0 <25 || >=26.1.0" },
        exports: { "./plugin-sdk/*": "./*.js" },
      },
      entry: "",
    });
    const openclaw = `${folder}/registry/openclaw/${OPENCLAW_VERSION}`;
    for (const [name, text] of Object.entries(SDK)) {
      await Deno.writeTextFile(`${openclaw}/${name}`, text);
    }
    return shelf;
  }

  /** Its environment. */
  get env(): Environment {
    const variables: Record<string, string> = {
      PATH: `${this.#folder}/bin`,
      HOME: `${this.#folder}/home`,
      TMPDIR: Deno.env.get("TMPDIR") ?? "/tmp",
    };
    return (name) => variables[name];
  }

  /** Puts a package into the registry. */
  async stock(name: string, wares: Wares = {}): Promise<void> {
    const { version = "1.0.0", entry = "registering.js", channel = "fake", more = {} } = wares;
    const folder = `${this.#folder}/registry/${name}/${version}`;
    await Deno.mkdir(folder, { recursive: true });
    const text = entry.endsWith(".js")
      ? await Deno.readTextFile(new URL(`./packages/${entry}`, import.meta.url))
      : entry;
    await Deno.writeTextFile(`${folder}/index.js`, text);
    const openclaw = channel === null
      ? {}
      : { runtimeExtensions: ["./index.js"], channel: { id: channel, label: "Fake Chat" } };
    const manifest = { name, version, type: "module", openclaw, ...more };
    await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify(manifest));
  }

  /** Puts the package with Node into the registry: it is the Deno that runs the tests. */
  async stockNode(version = "26.1.0"): Promise<void> {
    await this.stock(NODE_PACKAGE.name, { version, channel: null, entry: "" });
    const { program, args } = denoRuntime();
    const words = [program, ...args].map((word) => `'${word}'`).join(" ");
    const folder = `${this.#folder}/registry/${NODE_PACKAGE.name}/${version}`;
    const path = `${folder}/${NODE_PACKAGE.program}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await script(
      path,
      `[ "$1" = --version ] && { echo v${version}; exit; }\nshift\nexec ${words} "$@"`,
    );
  }

  /** Takes npm away. */
  async loseNpm(): Promise<void> {
    await Deno.remove(`${this.#folder}/bin/npm`);
  }

  /** What npm was asked, a line each. */
  async asked(): Promise<string[]> {
    return (await Deno.readTextFile(`${this.#folder}/registry/asked.txt`)).trim().split("\n");
  }

  /** All folders and files of the plugins, without what is in packages. */
  async files(): Promise<string[]> {
    const found: string[] = [];
    const walk = async (path: string) => {
      for await (const { name, isDirectory } of Deno.readDir(`${this.root}/${path}`)) {
        if (name === "node_modules" || name === "host" || name.startsWith("package")) {
          if (name !== "packages") continue;
        }
        if (isDirectory) await walk(`${path}/${name}`);
        found.push(`${path}/${name}`);
      }
    };
    await walk("ocg/plugins").catch(() => {});
    return found.map((path) => path.slice("ocg/plugins/".length)).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function script(path: string, body: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
