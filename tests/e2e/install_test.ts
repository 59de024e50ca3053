import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { formatReleaseKey } from "../../lib/release/key.ts";
import { generateReleaseKey } from "../../scripts/release/secret_key.ts";
import { signRelease } from "../../scripts/release/sign.ts";
import { eventually } from "./eventually.ts";
import { find, Home, type InstallOptions, SCRIPT, TOOLS } from "./install/installer.ts";
import {
  bytesOf,
  changed,
  cutOff,
  failing,
  fakeProgram,
  type Files,
  halved,
  instead,
  type Mishap,
  ReleaseServer,
  stalled,
  withSums,
} from "./install/release_server.ts";

const PROGRAM = `mesh-${Deno.build.target}`;
const BINARY = Deno.env.get("MESH_BINARY");
const MINISIGN = await find("minisign");
const SHELLS = (await Promise.all(
  [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"]].map(async (shell) =>
    await find(shell[0]!) === undefined ? [] : [shell]
  ),
)).flat();

/** Where the installer installs at all. */
const ignore = Deno.build.os === "windows";

async function releaseOf(program = fakeProgram("1.2.3")): Promise<Files> {
  return await withSums({ [PROGRAM]: program });
}

Deno.test(
  { name: "the installer puts the program into its place and says where", ignore },
  async (t) => {
    await using server = await ReleaseServer.start(await releaseOf());
    for (const shell of [["sh"], ...SHELLS]) {
      await t.step(shell.join(" "), async () => {
        await using home = await Home.make();
        const { code, stdout, stderr } = await home.install([], { url: server.url, shell });
        assertEquals([code, stdout], [0, `mesh 1.2.3 is installed: ${home.program}\n`], stderr);
        assertStringIncludes(stderr, `export PATH="${home.path}/.local/bin:$PATH"\n`);
        assertStringIncludes(stderr, "next: mesh init\n");
        assertEquals(await home.files(), [".local/bin/mesh"]);
        assertEquals((await Deno.stat(home.program)).mode! & 0o777, 0o755);
      });
    }
  },
);

Deno.test(
  { name: "the folder can be chosen, absolute or not, with blanks or not", ignore },
  async () => {
    await using server = await ReleaseServer.start(await releaseOf());
    await using home = await Home.make();
    const { url } = server;
    for (const args of [["--dir", `${home.path}/a b`], ["--dir=c d/e"], ["--dir", "-f"]]) {
      const { code, stderr } = await home.install(args, { url });
      assertEquals(code, 0, stderr);
    }
    assertEquals(await home.files(), ["-f/mesh", "a b/mesh", "c d/e/mesh"]);
  },
);

Deno.test(
  { name: "no hint is given where the folder is on the PATH already", ignore },
  async () => {
    await using server = await ReleaseServer.start(await releaseOf());
    await using home = await Home.make();
    const PATH = `${Deno.env.get("PATH")}:${home.path}/.local/bin`;
    const { stderr } = await home.install([], { url: server.url, env: { PATH } });
    assert(!stderr.includes("PATH"), stderr);
  },
);

/** What must leave nothing behind: the exit code, and a part of what is said. */
const FAILURES: [name: string, mishaps: Record<string, Mishap>, code: number, said: RegExp][] = [
  ["a connection that breaks", { [PROGRAM]: cutOff }, 6, /cannot download http:.*mesh-/],
  ["a truncated file", { [PROGRAM]: halved }, 4, /its SHA-256 is \w{64} instead of \w{64}/],
  ["a tampered file", { [PROGRAM]: changed }, 4, /not what was released/],
  [
    "a missing program",
    { [PROGRAM]: failing(404) },
    6,
    /cannot download/,
  ],
  ["an empty program", { [PROGRAM]: instead("") }, 6, /cannot download/],
  ["a missing list", { SHA256SUMS: failing(500) }, 6, /SHA256SUMS/],
  [
    "a list that is a web page",
    { SHA256SUMS: instead("<html>\n") },
    6,
    /has no program/,
  ],
];

for (const [name, mishaps, expected, said] of FAILURES) {
  Deno.test({ name: `${name} installs nothing and leaves nothing`, ignore }, async () => {
    await using server = await ReleaseServer.start(await releaseOf(), mishaps);
    await using home = await Home.make();
    const { code, stdout, stderr } = await home.install([], { url: server.url });
    assertEquals([code, stdout], [expected, ""], stderr);
    assertMatch(stderr, said);
    assertMatch(stderr, /^hint: ./m);
    assertEquals(await home.files(), []);
  });
}

Deno.test({ name: "a failure keeps what was installed before", ignore }, async () => {
  await using home = await Home.make();
  {
    await using server = await ReleaseServer.start(await releaseOf());
    assertEquals((await home.install([], { url: server.url })).code, 0);
  }
  const next = await releaseOf(fakeProgram("1.2.4"));
  await using server = await ReleaseServer.start(next, { [PROGRAM]: changed });
  assertEquals((await home.install([], { url: server.url })).code, 4);
  assertEquals(await Deno.readFile(home.program), fakeProgram("1.2.3"));
});

Deno.test({ name: "Ctrl-C in the middle of a download leaves nothing", ignore }, async () => {
  await using server = await ReleaseServer.start(await releaseOf(), { [PROGRAM]: stalled });
  await using home = await Home.make();
  const child = new Deno.Command("sh", {
    args: [SCRIPT],
    env: { HOME: home.path, MESH_BASE_URL: server.url },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true, // a group of its own, as a terminal gives it
  }).spawn();
  await eventually("the download's beginning", () => server.asked.includes(PROGRAM));
  Deno.kill(-child.pid, "SIGINT");
  assertEquals((await child.status).code, 130);
  assertEquals(await home.files(), []);
});

Deno.test({ name: "a program that does not start is not installed", ignore }, async () => {
  const broken = bytesOf("#!/bin/sh\necho 'GLIBC_2.99 not found' >&2\nexit 1\n");
  await using server = await ReleaseServer.start(await releaseOf(broken));
  await using home = await Home.make();
  const { code, stderr } = await home.install([], { url: server.url });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "the program does not start here: GLIBC_2.99 not found\n");
  assertEquals(await home.files(), []);
});

Deno.test(
  { name: "a version that was asked for is the one that is installed", ignore },
  async () => {
    await using server = await ReleaseServer.start(await releaseOf());
    await using home = await Home.make();
    const { url } = server;
    assertEquals((await home.install(["--version", "v1.2.3"], { url })).code, 0);
    const other = await home.install(["--version=1.2.2"], { url });
    assertEquals(other.code, 4);
    assertStringIncludes(other.stderr, "the program is version 1.2.3, not 1.2.2\n");
  },
);

Deno.test(
  { name: "a program that unpacks itself is taken where there is no other", ignore },
  async () => {
    const files = await withSums({ [`${PROGRAM}-portable`]: fakeProgram("1.2.3") });
    await using server = await ReleaseServer.start(files);
    await using home = await Home.make();
    assertEquals((await home.install([], { url: server.url })).code, 0);
    assertEquals(server.asked, ["SHA256SUMS", `${PROGRAM}-portable`]);
  },
);

Deno.test(
  { name: "wget, shasum and openssl do where curl and sha256sum are missing", ignore },
  async (t) => {
    await using server = await ReleaseServer.start(await releaseOf());
    for (const tools of [["wget", "shasum"], ["curl", "openssl"]]) {
      const missing = (await Promise.all(tools.map(find))).includes(undefined);
      await t.step({ name: tools.join(" and "), ignore: missing, fn: () => withTools(tools, 0) });
    }
    await t.step(
      "no program to download with",
      () => withTools(["sha256sum"], 6, /neither curl nor wget/),
    );
    await t.step(
      "no program to add up with",
      () => withTools(["curl"], 6, /no sha256sum, shasum or/),
    );

    async function withTools(
      tools: string[],
      expected: number,
      said = /is installed/,
    ): Promise<void> {
      await using home = await Home.make();
      // shasum is a script of Perl.
      const PATH = await home.onlyPath([...TOOLS, ...tools, "perl"]);
      const { code, stdout, stderr } = await home.install([], { url: server.url, env: { PATH } });
      assertEquals(code, expected, stderr);
      assertMatch(stdout + stderr, said);
    }
  },
);

Deno.test({ name: "another system or processor is told what to do", ignore }, async (t) => {
  const machines: [uname: string, said: RegExp][] = [
    ["case $1 in -s) echo SunOS;; *) echo sparc64;; esac", /no program for SunOS on sparc64/],
    ["case $1 in -s) echo Linux;; *) echo riscv64;; esac", /no program for Linux on riscv64/],
    [
      "case $1 in -s) echo MINGW64_NT-10.0;; *) echo x86_64;; esac",
      /mesh-x86_64-pc-windows-msvc\.exe/,
    ],
  ];
  for (const [uname, said] of machines) {
    await t.step(said.source, async () => {
      await using home = await Home.make();
      const folder = await home.onlyPath([], { uname });
      const PATH = `${folder}:${Deno.env.get("PATH")}`;
      const { code, stderr } = await home.install([], { url: "http://127.0.0.1:1", env: { PATH } });
      assertEquals(code, 2);
      assertMatch(stderr, said);
    });
  }
});

Deno.test({ name: "the names of processors are those of the targets", ignore }, async () => {
  const arm = await withSums({ "mesh-aarch64-apple-darwin": fakeProgram("1.2.3") });
  await using server = await ReleaseServer.start(arm);
  await using home = await Home.make();
  const folder = await home.onlyPath([], {
    uname: "case $1 in -s) echo Darwin;; *) echo arm64;; esac",
  });
  const PATH = `${folder}:${Deno.env.get("PATH")}`;
  assertEquals((await home.install([], { url: server.url, env: { PATH } })).code, 0);
});

Deno.test({ name: "a program that runs goes on while its file is replaced", ignore }, async () => {
  await using server = await ReleaseServer.start(await releaseOf());
  await using home = await Home.make();
  await Deno.mkdir(`${home.path}/.local/bin`, { recursive: true });
  const sleep = await Deno.readFile(await find("sleep") ?? "");
  // What follows an executable's sections is nothing to the system.
  await Deno.writeFile(home.program, new Uint8Array([...sleep, ...bytesOf("openclaw-agent-mesh")]));
  await Deno.chmod(home.program, 0o755);
  const old = new Deno.Command(home.program, { args: ["600"], stdin: "null" }).spawn();
  try {
    assertEquals((await home.install([], { url: server.url })).code, 0);
    assertEquals(await Deno.readFile(home.program), fakeProgram("1.2.3"));
  } finally {
    old.kill("SIGTERM"); // throws if it has ended
    assertEquals((await old.status).signal, "SIGTERM");
  }
});

Deno.test({ name: "a command line that makes no sense is told so", ignore }, async () => {
  await using home = await Home.make();
  const wrong = [["--dri", "x"], ["mesh"], ["--dir"], ["--version", "../../x"], [
    "--version",
    "1 2",
  ]];
  for (const args of wrong) {
    const { code, stdout, stderr } = await home.install(args, { url: "http://127.0.0.1:1" });
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertMatch(stderr, /^install: .+\nhint: .+\n$/);
  }
  const help = await home.install(["--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertMatch(help.stdout, /^usage: install\.sh \[--version VERSION\]/);
});

Deno.test({ name: "a folder that cannot be made is told so", ignore }, async () => {
  await using server = await ReleaseServer.start(await releaseOf());
  await using home = await Home.make();
  const { code, stderr } = await home.install(["--dir", "/dev/null/bin"], { url: server.url });
  assertEquals(code, 7);
  assertStringIncludes(stderr, 'install: cannot write to "/dev/null/bin"\n');
});

Deno.test({ name: "half of the script does nothing", ignore }, async () => {
  await using server = await ReleaseServer.start(await releaseOf());
  await using home = await Home.make();
  const text = await Deno.readTextFile(SCRIPT);
  const script = `${home.path}/half.sh`;
  for (const part of [0.3, 0.6, 0.95]) {
    await Deno.writeTextFile(script, text.slice(0, text.length * part));
    const { stdout } = await home.install([], { url: server.url, script });
    assertEquals(stdout, "");
  }
  assertEquals([server.asked, await home.files()], [[], ["half.sh"]]);
});

Deno.test({
  name: "where minisign is, a list that is not signed with the release's key is refused",
  ignore: MINISIGN === undefined || ignore,
}, async () => {
  const pair = generateReleaseKey();
  const files = await releaseOf();
  const sign = (key: typeof pair) => bytesOf(signRelease(files.SHA256SUMS!, "mesh 1.2.3", key));
  const key = formatReleaseKey(pair).split("\n")[1];
  await using home = await Home.make();
  const script = `${home.path}/install.sh`;
  const text = await Deno.readTextFile(SCRIPT);
  await Deno.writeTextFile(script, text.replace(/^RELEASE_KEY=.*$/m, `RELEASE_KEY='${key}'`));
  const cases: [signature: Uint8Array<ArrayBuffer> | undefined, code: number, said: string][] = [
    [undefined, 6, "SHA256SUMS.minisig"],
    [sign(generateReleaseKey()), 4, "is not signed with the release key"],
    [sign(pair), 0, "its signature is right"],
  ];
  for (const [signature, expected, said] of cases) {
    const signed = signature ? { ...files, "SHA256SUMS.minisig": signature } : files;
    await using server = await ReleaseServer.start(signed);
    const options: InstallOptions = { url: server.url, script };
    const { code, stderr } = await home.install([], options);
    assertEquals(code, expected, stderr);
    assertStringIncludes(stderr, said);
  }
});

Deno.test({
  name: "the real program is installed, starts and is removed",
  ignore: BINARY === undefined || ignore,
}, async () => {
  await using server = await ReleaseServer.start(await releaseOf(await Deno.readFile(BINARY!)));
  await using home = await Home.make();
  const { code, stdout, stderr } = await home.install([], { url: server.url });
  assertEquals(
    [code, stdout],
    [0, `mesh ${config.version} is installed: ${home.program}\n`],
    stderr,
  );
  // Once more over itself, as an upgrade does.
  assertEquals((await home.install([], { url: server.url })).code, 0);
  assertEquals((await home.install(["--uninstall"])).code, 0);
  assertEquals(await home.files(".local"), []);
});
