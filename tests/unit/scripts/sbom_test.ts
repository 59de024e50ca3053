import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { sbom, type SbomInput } from "../../../scripts/sbom/document.ts";
import { type Lock, reached, readLock } from "../../../scripts/sbom/lock.ts";
import { projectSbom } from "../../../scripts/sbom.ts";
import config from "../../../deno.json" with { type: "json" };

const integrity = "sha512-" + new Uint8Array(64).fill(7).toBase64();
const LOCK: Lock = {
  npm: {
    "@a/core@1.0.0_z@2.0.0": { integrity, dependencies: ["b@1.0.0", "c"] },
    "b@1.0.0": { integrity },
    "b@2.0.0": { integrity, dependencies: ["@a/core"] },
    "c@3.0.0-rc.1": { integrity, dependencies: ["@a/core"] },
    "z@2.0.0": { integrity },
  },
};
const INPUT: SbomInput = {
  version: "1.2.3",
  deno: "2.9.6",
  lock: LOCK,
  roots: ["@a/core@1.0.0_z@2.0.0"],
  licences: new Map([["b@1.0.0", "MIT"], ["c@3.0.0-rc.1", "SEE LICENSE IN x"]]),
};

Deno.test("packages are read with their own versions and those of what they need", () => {
  const packages = readLock(LOCK);
  assertEquals(packages.get("@a/core@1.0.0_z@2.0.0"), {
    name: "@a/core",
    version: "1.0.0",
    sha512: "07".repeat(64),
    dependsOn: ["b@1.0.0", "c@3.0.0-rc.1"],
  });
  assertEquals([...reached(packages, ["@a/core@1.0.0_z@2.0.0"])].sort(), [
    "@a/core@1.0.0",
    "b@1.0.0",
    "c@3.0.0-rc.1",
  ]);
});

Deno.test("a lock file that is not understood is refused", () => {
  const wrong: Lock[] = [
    { npm: { "a": { integrity } } },
    { npm: { "a@1.0.0": { integrity: "sha1-AAAA" } } },
    { npm: { "a@1.0.0": { integrity, dependencies: ["gone"] } } },
  ];
  for (const lock of wrong) assertThrows(() => readLock(lock));
});

Deno.test("each package has its purl, sum, licence and whether the program has it in it", async () => {
  const { components } = JSON.parse(await sbom(INPUT));
  // deno-lint-ignore no-explicit-any -- a document of others' shape
  const of = (purl: string) => components.find((one: any) => one.purl === purl);
  assertEquals(of("pkg:npm/%40a/core@1.0.0"), {
    type: "library",
    "bom-ref": "pkg:npm/%40a/core@1.0.0",
    group: "@a",
    name: "core",
    version: "1.0.0",
    scope: "required",
    hashes: [{ alg: "SHA-512", content: "07".repeat(64) }],
    purl: "pkg:npm/%40a/core@1.0.0",
  });
  assertEquals(of("pkg:npm/b@1.0.0").licenses, [{ license: { id: "MIT" } }]);
  assertEquals(of("pkg:npm/c@3.0.0-rc.1").licenses, [{ license: { name: "SEE LICENSE IN x" } }]);
  assertEquals(of("pkg:npm/b@2.0.0").scope, "excluded");
  assertEquals(of("pkg:github/denoland/deno@v2.9.6").version, "2.9.6");
});

Deno.test("every reference in the graph is one of a component", async () => {
  const { metadata, components, dependencies } = JSON.parse(await sbom(INPUT));
  // deno-lint-ignore no-explicit-any -- a document of others' shape
  const refs = new Set([metadata.component, ...components].map((one: any) => one["bom-ref"]));
  assertEquals(refs.size, components.length + 1);
  for (const { ref, dependsOn = [] } of dependencies) {
    for (const one of [ref, ...dependsOn]) assert(refs.has(one), one);
    assertEquals(new Set(dependsOn).size, dependsOn.length);
  }
  assertEquals(dependencies[0], {
    ref: "mesh@1.2.3",
    dependsOn: ["deno@2.9.6", "pkg:npm/%40a/core@1.0.0"],
  });
});

Deno.test("the same input makes the same text, without a time unless one is given", async () => {
  const text = await sbom(INPUT);
  assertEquals(await sbom(INPUT), text);
  assertEquals(JSON.parse(text).metadata.timestamp, undefined);
  assertMatch(
    JSON.parse(text).serialNumber,
    /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  const timed = JSON.parse(await sbom({ ...INPUT, epoch: 1_700_000_000 }));
  assertEquals(timed.metadata.timestamp, "2023-11-14T22:13:20.000Z");
});

Deno.test("the program's own packages are required, and what only tests use is excluded", async () => {
  const { metadata, components } = JSON.parse(await projectSbom());
  assertEquals(metadata.component.version, config.version);
  // deno-lint-ignore no-explicit-any -- a document of others' shape
  const scope = (name: string) => components.find((one: any) => one.name === name)?.scope;
  assertEquals([scope("zod"), scope("hono"), scope("ed25519")], Array(3).fill("required"));
  assertEquals(scope("fast-check"), "excluded");
});
