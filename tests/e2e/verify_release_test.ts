import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bakedKey, formatReleaseKey } from "../../lib/release/key.ts";
import { formatSecretKey, generateReleaseKey } from "../../scripts/release/secret_key.ts";
import { runProgram } from "../../scripts/run_deno.ts";
import { find } from "./install/installer.ts";
import { bytesOf, type Files, withSums } from "./install/release_server.ts";
import { signRelease } from "../../scripts/release/sign.ts";
import { type Outcome, run } from "./program.ts";

const KEY = generateReleaseKey();
const PROGRAMS = { "mesh-linux": bytesOf("linux"), "mesh-mac": bytesOf("mac") };

/** A folder of a release. Dispose of it. */
class Release implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async make(key = KEY, change: (files: Files) => void = () => {}): Promise<Release> {
    const folder = await Deno.makeTempDir({ prefix: "release " });
    const files = await withSums({ ...PROGRAMS });
    const signature = bytesOf(signRelease(files.SHA256SUMS!, "mesh 1.2.3", key));
    const all: Files = {
      ...files,
      "SHA256SUMS.minisig": signature,
      "key.pub": bytesOf(formatReleaseKey(KEY)),
    };
    change(all);
    for (const [name, bytes] of Object.entries(all)) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    return new Release(folder);
  }

  async verify(args: readonly string[], code: number): Promise<Outcome> {
    return await run(["verify-release", ...args], { cwd: this.folder, code });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test("a file as it was released is recognised, in words and in JSON", async () => {
  await using release = await Release.make();
  const { stdout, stderr } = await release.verify(["mesh-linux", "--key", "key.pub"], 0);
  assertEquals(stderr, "");
  const [, sum] = /sha256 {3}(\w{64})/.exec(stdout) ?? [];
  assertEquals(stdout.split("\n"), [
    "This is mesh-linux, as it was released.",
    `  sha256   ${sum}`,
    `  signed   with key ${KEY.id}, which you named`,
    "  release  mesh 1.2.3",
    "",
  ]);
  const key = formatReleaseKey(KEY).split("\n")[1]!;
  const path = `${release.folder}/mesh-mac`;
  const json = await release.verify([path, "--key", key, "--json"], 0);
  const { ok, name, size, key_id, built_in, comment } = JSON.parse(json.stdout);
  assertEquals([ok, name, size, key_id, built_in, comment], [
    ...[true, "mesh-mac", 3, KEY.id, false, "mesh 1.2.3"],
  ]);
});

Deno.test("a file that got another name is recognised by its sum", async () => {
  await using release = await Release.make();
  await Deno.rename(`${release.folder}/mesh-linux`, `${release.folder}/mesh`);
  const { stdout } = await release.verify(["./mesh", "--key", "key.pub"], 0);
  assertStringIncludes(stdout, "This is mesh-linux, as it was released.\n");
});

Deno.test("the list and its signature may lie elsewhere", async () => {
  await using release = await Release.make();
  await Deno.mkdir(`${release.folder}/x`);
  await Deno.rename(`${release.folder}/mesh-linux`, `${release.folder}/x/mesh-linux`);
  const where = ["x/mesh-linux", "--sums", "SHA256SUMS", "--key", "key.pub"];
  await release.verify(where, 0);
  await Deno.rename(`${release.folder}/SHA256SUMS.minisig`, `${release.folder}/s`);
  await release.verify([...where, "--signature", "s"], 0);
});

/** What is refused: what is done to the release, the exit code, and what is said. */
const REFUSED: [what: string, change: (files: Files) => void, code: number, said: RegExp][] = [
  ["a changed file", (files) => files["mesh-linux"] = bytesOf("linuz"), 4, /its sum differs/],
  ["an empty file", (files) => files["mesh-linux"] = bytesOf(""), 4, /its sum differs/],
  [
    "another file of the release",
    (files) => files["mesh-linux"] = bytesOf("mac"),
    4,
    /really "mesh-mac"/,
  ],
  ["a changed list", (files) => files.SHA256SUMS![3]! ^= 1, 4, /not the one that was signed/],
  [
    "a changed signature",
    (files) => files["SHA256SUMS.minisig"]![80]! ^= 1,
    4,
    /^mesh: The (sig|list)/,
  ],
  ["no list", (files) => delete files.SHA256SUMS, 3, /the list of sums is missing/],
  ["no signature", (files) => delete files["SHA256SUMS.minisig"], 3, /its signature is missing/],
  ["no file", (files) => delete files["mesh-linux"], 3, /the file is missing/],
  [
    "a huge list",
    (files) => files.SHA256SUMS = new Uint8Array(2 ** 21),
    4,
    /too large to be the list/,
  ],
  [
    "a key that is none",
    (files) => files["key.pub"] = bytesOf("x"),
    4,
    /no public key of minisign/,
  ],
];

for (const [what, change, code, said] of REFUSED) {
  Deno.test(`${what} is refused`, async () => {
    await using release = await Release.make(KEY, change);
    const { stdout, stderr } = await release.verify(["mesh-linux", "--key", "key.pub"], code);
    assertEquals(stdout, "");
    assertMatch(stderr, said);
    assertMatch(stderr, /\nhint: ./);
  });
}

Deno.test("a file that is on no list is refused", async () => {
  await using release = await Release.make();
  await Deno.writeTextFile(`${release.folder}/other`, "x");
  const { stderr } = await release.verify(["other", "--key", "key.pub"], 4);
  assertMatch(stderr, /"other" is no file of this release\nhint: .*mesh-linux, mesh-mac/);
});

Deno.test("a list that somebody else signed is refused", async () => {
  const other = generateReleaseKey();
  await using release = await Release.make(other);
  const { stderr } = await release.verify(["mesh-linux", "--key", "key.pub"], 4);
  assertStringIncludes(stderr, `The signature was made with key ${other.id}, not with ${KEY.id}\n`);
});

Deno.test("without a key that is named, the one that is built in counts", async () => {
  await using release = await Release.make();
  const { stderr } = await release.verify(["mesh-linux"], bakedKey() ? 4 : 3);
  assertStringIncludes(
    stderr,
    bakedKey()?.id ?? "This build has no release key in it, so it cannot tell who made the file\n",
  );
});

Deno.test({
  name: "minisign and this program agree, in both directions",
  ignore: await find("minisign") === undefined,
}, async () => {
  await using release = await Release.make();
  const minisign = (...args: string[]) =>
    runProgram("minisign", args.map((arg) => arg.replace(/^\.\//, `${release.folder}/`)));
  const ours = await minisign("-V", "-p", "./key.pub", "-m", "./SHA256SUMS");
  assertEquals(ours.code, 0, ours.stderr);
  assertStringIncludes(ours.stdout, "Trusted comment: mesh 1.2.3");

  const secret = `${release.folder}/secret`;
  await Deno.writeTextFile(secret, formatSecretKey(KEY), { mode: 0o600 });
  const theirs = await minisign("-S", "-s", secret, "-m", "./SHA256SUMS", "-t", "by minisign");
  assertEquals(theirs.code, 0, theirs.stderr);
  const { stdout } = await release.verify(["mesh-linux", "--key", "key.pub"], 0);
  assertStringIncludes(stdout, "  release  by minisign\n");
});
