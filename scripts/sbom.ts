/**
 * Writes a software bill of materials of the program: every package of `deno.lock` with its sum, and which
 * of them the program has in it. Licences are those that the packages state, where Deno has them on disk.
 *
 * Run it with `deno run -A scripts/sbom.ts [FILE]`; without a file it prints. `SOURCE_DATE_EPOCH` gives it a
 * time (https://reproducible-builds.org/specs/source-date-epoch/); without it there is none.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };
import { MeshError, messageOf } from "../lib/error.ts";
import { runDeno } from "./run_deno.ts";
import { sbom } from "./sbom/document.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The part of `deno info --json` that is looked at. */
interface Info {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<
    Record<string, { readonly name: string; readonly version: string; readonly localPath?: string }>
  >;
}

/**
 * Makes the document for these sources.
 *
 * @returns Its text.
 * @throws {MeshError} `unexpected` if Deno cannot tell what the program imports.
 */
export async function projectSbom(): Promise<string> {
  const { code, stdout, stderr } = await runDeno(["info", "--json", "main.ts"], { cwd: ROOT });
  if (code !== 0) {
    throw new MeshError("unexpected", `Cannot list the program's packages: ${stderr.trim()}`);
  }
  const { modules, npmPackages }: Info = JSON.parse(stdout);
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH");
  if (epoch && !/^\d{1,11}$/.test(epoch)) {
    throw new MeshError("usage", `SOURCE_DATE_EPOCH is "${epoch}", not seconds since 1970`);
  }
  return await sbom({
    version: config.version,
    deno: Deno.version.deno,
    lock: JSON.parse(await Deno.readTextFile(`${ROOT}deno.lock`)),
    roots: modules.flatMap(({ npmPackage }) => npmPackage === undefined ? [] : [npmPackage]),
    licences: await licences(Object.values(npmPackages)),
    ...(epoch ? { epoch: Number(epoch) } : {}),
  });
}

async function licences(packages: Info["npmPackages"][string][]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name, version, localPath } of packages) {
    if (localPath === undefined) continue;
    try {
      const { license } = JSON.parse(await Deno.readTextFile(`${localPath}/package.json`));
      if (typeof license === "string") found.set(`${name}@${version}`, license);
    } catch (error) {
      // One that is for tests only need not be here.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return found;
}

if (import.meta.main) {
  const [file] = Deno.args;
  try {
    const text = await projectSbom();
    if (file === undefined) console.log(text.trimEnd());
    else await Deno.writeTextFile(file, text);
  } catch (error) {
    console.error(`sbom: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
