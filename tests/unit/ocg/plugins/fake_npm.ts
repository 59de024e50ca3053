/**
 * An npm without a registry: packages are folders below the one that is its first argument. What it was
 * asked is appended to `asked.txt` there.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a program's output is its result

import { cpSync } from "node:fs";

const [registry = "", verb, spec = "", ...rest] = Deno.args;

/** Fails as npm does. */
function fail(code: string): never {
  console.log(JSON.stringify({ error: { code, summary: "pages of explanation" } }));
  console.error(`npm error code ${code}\nnpm error pages of explanation`);
  Deno.exit(1);
}

const TROUBLE: Readonly<Record<string, string>> = {
  offline: "ENOTFOUND",
  crowded: "ENOSPC",
  tampered: "EINTEGRITY",
  strange: "EWHATEVER",
};

await Deno.writeTextFile(`${registry}/asked.txt`, `${Deno.args.slice(1).join(" ")}\n`, {
  append: true,
});
const [, name = "", wanted] = /^(@?[^@]+)(?:@(.+))?$/.exec(spec) ?? [];
if (TROUBLE[name]) fail(TROUBLE[name]);
if (name === "endless") await new Promise((resolve) => setTimeout(resolve, 600_000));
const versions: string[] = [];
try {
  for await (const entry of Deno.readDir(`${registry}/${name}`)) versions.push(entry.name);
} catch {
  fail("E404");
}
const version = versions.sort().filter((one) => !wanted || one.startsWith(wanted)).at(-1);
if (!version) fail("ETARGET");
const source = `${registry}/${name}/${version}`;
const manifest = JSON.parse(await Deno.readTextFile(`${source}/package.json`));
const integrity = `sha512-${name}-${version}`;
if (verb === "view") {
  console.log(JSON.stringify({ ...manifest, "dist.integrity": integrity }));
} else {
  const folder = rest[rest.indexOf("--prefix") + 1] ?? "";
  const target = `${folder}/node_modules/${name}`;
  cpSync(source, target, { recursive: true });
  const got = manifest.swapped ? "sha512-swapped" : integrity;
  const packages = { [`node_modules/${name}`]: { version, integrity: got } };
  await Deno.writeTextFile(`${folder}/package-lock.json`, JSON.stringify({ packages }));
}
