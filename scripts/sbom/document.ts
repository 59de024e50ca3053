/**
 * A software bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).
 *
 * @module
 */
import { type Lock, type Package, reached, readLock } from "./lock.ts";

/** What the document is made of. */
export interface SbomInput {
  /** The program's version. */
  readonly version: string;
  /** The version of the Deno that is part of every binary. */
  readonly deno: string;
  /** The parsed `deno.lock`. */
  readonly lock: Lock;
  /** Keys of the lock file that the program itself imports; all else that they do not need is excluded. */
  readonly roots: readonly string[];
  /** The licence of a package as its author states it, by `name@version`. */
  readonly licences: ReadonlyMap<string, string>;
  /** Seconds since 1970, if the document is to have a time. */
  readonly epoch?: number;
}

/** Licences that have this very id in the list of SPDX and are seen among npm's packages. */
const SPDX =
  /^(?:MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|MPL-2\.0|Unlicense|CC0-1\.0|BlueOak-1\.0\.0)$/;

/**
 * Makes the document. The same input makes the same text.
 *
 * @param input What is in it.
 * @returns JSON, ready to be written.
 */
export async function sbom(input: SbomInput): Promise<string> {
  const packages = readLock(input.lock);
  const used = reached(packages, input.roots);
  const subject = `mesh@${input.version}`;
  const runtime = `deno@${input.deno}`;
  const unique = new Map([...packages.values()].map((one) => [`${one.name}@${one.version}`, one]));
  const sorted = [...unique].sort(([a], [b]) => a < b ? -1 : 1);
  const direct = [...packages].filter(([key]) => input.roots.includes(key))
    .map(([, { name, version }]) => purl(name, version));
  const body = {
    metadata: {
      ...(input.epoch === undefined
        ? {}
        : { timestamp: new Date(input.epoch * 1000).toISOString() }),
      component: {
        type: "application",
        "bom-ref": subject,
        name: "mesh",
        version: input.version,
        licenses: licence("MIT"),
      },
    },
    components: [
      {
        type: "platform",
        "bom-ref": runtime,
        name: "deno",
        version: input.deno,
        scope: "required",
        licenses: licence("MIT"),
        purl: `pkg:github/denoland/deno@v${input.deno}`,
      },
      ...sorted.map(([key, one]) => component(one, used.has(key), input.licences.get(key))),
    ],
    dependencies: [
      { ref: subject, dependsOn: [runtime, ...[...new Set(direct)].sort()] },
      { ref: runtime },
      ...sorted.map(([, { name, version, dependsOn }]) => ({
        ref: purl(name, version),
        ...(dependsOn.length === 0 ? {} : { dependsOn: [...new Set(dependsOn.map(purlOf))] }),
      })),
    ],
  };
  const serialNumber = `urn:uuid:${await uuidOf(JSON.stringify(body))}`;
  const head = { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber, version: 1 };
  return JSON.stringify({ ...head, ...body }, null, 2) + "\n";
}

function component({ name, version, sha512 }: Package, used: boolean, stated: string | undefined) {
  const [scope, bare] = name.startsWith("@") ? name.split("/") : [undefined, name];
  return {
    type: "library",
    "bom-ref": purl(name, version),
    ...(scope === undefined ? {} : { group: scope }),
    name: bare,
    version,
    // What only tests and scripts use is in no binary.
    scope: used ? "required" : "excluded",
    hashes: [{ alg: "SHA-512", content: sha512 }],
    ...(stated === undefined ? {} : { licenses: licence(stated) }),
    purl: purl(name, version),
  };
}

/** https://github.com/package-url/purl-spec, type npm: the `@` of a scope is percent-encoded. */
function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function purlOf(key: string): string {
  const at = key.lastIndexOf("@");
  return purl(key.slice(0, at), key.slice(at + 1));
}

function licence(stated: string) {
  return [{ license: SPDX.test(stated) ? { id: stated } : { name: stated } }];
}

/** A UUID of version 8 (RFC 9562, section 5.8), made of the contents. */
async function uuidOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const bytes = new Uint8Array(digest).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
