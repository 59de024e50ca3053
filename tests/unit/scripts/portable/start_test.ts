import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import config from "../../../../deno.json" with { type: "json" };
import { PERMISSIONS } from "../../../../scripts/permissions.ts";
import { buildPortable } from "../../../../scripts/portable/build.ts";
import { bundlerIsHere } from "../../../../scripts/portable/bundle.ts";
import { eventually } from "../../../e2e/eventually.ts";

/**
 * Where nothing has ever been bundled, Deno would download its bundler now; tests download nothing. The
 * bundler is there after the first `deno task compile --portable`.
 */
const ignore = Deno.build.os === "windows" || !await bundlerIsHere();

/** A portable program, built once, and a home to start it in. */
class Scene implements AsyncDisposable {
  readonly #folder: string;
  readonly program: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.program = `${folder}/mesh`;
  }

  static async build(): Promise<Scene> {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "portable-" }));
    const scene = new Scene(folder);
    await buildPortable(scene.program);
    return scene;
  }

  /** A new home, in which nothing is unpacked. */
  async home(): Promise<string> {
    const home = await Deno.makeTempDir({ dir: this.#folder, prefix: "home " });
    await Deno.mkdir(`${home}/tmp`);
    return home;
  }

  command(home: string, args: readonly string[], options: Deno.CommandOptions = {}): Deno.Command {
    return new Deno.Command(options.args ? "sh" : this.program, {
      stdin: "null",
      cwd: home,
      ...options,
      args: [...options.args ?? [], ...args],
      clearEnv: true,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: home,
        TMPDIR: `${home}/tmp`,
        NO_COLOR: "1",
        ...options.env,
      },
    });
  }

  async run(home: string, args: readonly string[], options: Deno.CommandOptions = {}) {
    const { code, stdout, stderr } = await this.command(home, args, options).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  async version(home: string, options: Deno.CommandOptions = {}): Promise<void> {
    const { code, stdout, stderr } = await this.run(home, ["--version"], options);
    assertEquals([code, stdout, stderr], [0, `${config.version}\n`, ""]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function unpackedIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name))
    .filter((name) => name !== "deno").sort();
}

async function modeOf(path: string): Promise<number> {
  return (await Deno.lstat(path)).mode! & 0o777;
}

Deno.test({ name: "a program that unpacks itself", ignore }, async (t) => {
  await using scene = await Scene.build();
  const warm = await scene.home();
  const cache = `${warm}/.cache/mesh`;

  await t.step("unpacks once, for its owner alone, and then only starts", async () => {
    await scene.version(warm);
    const [name = "", ...more] = await unpackedIn(cache);
    assertMatch(name, /^portable-[0-9a-f]{32}$/);
    assertEquals(more, []);
    for (const path of ["", `/${name}`, `/${name}/app`, `/${name}/deno`]) {
      assertEquals(await modeOf(cache + path), 0o700, path);
    }
    assertEquals(await modeOf(`${cache}/${name}/app/main.js`), 0o600);
    const { ino } = await Deno.stat(`${cache}/${name}`);
    await scene.version(warm);
    assertEquals((await Deno.stat(`${cache}/${name}`)).ino, ino);
  });

  await t.step("is found however it is called", async () => {
    const bin = await scene.home();
    const link = `${bin}/a link`;
    await Deno.symlink(scene.program, link);
    const [folder] = [scene.program.replace(/\/mesh$/, "")];
    for (
      const [script, cwd, PATH] of [
        [`'${link}' --version`, "/", "/usr/bin:/bin"],
        ["mesh --version", "/", `${folder}:/usr/bin:/bin`],
        ["sh mesh --version", folder!, "/usr/bin:/bin"],
        ["./mesh --version", folder!, "/usr/bin:/bin"],
        ["CDPATH=/ IFS=x sh ./mesh --version", folder!, "/usr/bin:/bin"],
      ] as const
    ) {
      const run = await new Deno.Command("sh", {
        args: ["-c", script],
        cwd,
        clearEnv: true,
        env: { PATH, HOME: warm },
      }).output();
      assertEquals(new TextDecoder().decode(run.stdout), `${config.version}\n`, script);
    }
  });

  await t.step("passes arguments, input and exit codes as they are", async () => {
    const state = `${warm}/a  b\n"c" $d`;
    const init = ["init", "--state-dir", state, "--agent-id", "a", "--json"];
    const { code, stdout, stderr } = await scene.run(warm, init);
    assertEquals(code, 0, stderr);
    assertEquals(JSON.parse(stdout).agent_id, "a");
    assert((await Deno.stat(`${state}/identity.json`)).isFile);
    // The parser tells its errors apart by the names of their classes, which bundling may shorten.
    const mistyped = await scene.run(warm, ["discovery", "--jsn"]);
    assertEquals([mistyped.code, mistyped.stderr], [
      2,
      "mesh: There is no flag --jsn\nhint: did you mean --json?\n",
    ]);
    assertEquals((await scene.run(warm, ["discovery", "--state-dir", `${warm}/none`])).code, 3);
    const input = await new Deno.Command("sh", {
      args: [
        "-c",
        `echo '{"a":1}' | "$0" receive-message - --state-dir "$1"`,
        scene.program,
        state,
      ],
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH") ?? "", HOME: warm },
    }).output();
    assertEquals(input.code, 4); // it was read, and is no message
  });

  await t.step("cares for no configuration where it is started or unpacked", async () => {
    const broken = await scene.home();
    for (const folder of [broken, `${broken}/tmp`]) {
      await Deno.writeTextFile(`${folder}/deno.json`, "{ broken");
      await Deno.writeTextFile(`${folder}/package.json`, "{ broken");
    }
    await scene.version(broken);
    await scene.version(broken);
  });

  await t.step("is itself behind --background, and ends by a signal as Deno does", async () => {
    const state = `${warm}/gateway`;
    const on = ["--state-dir", state];
    assertEquals((await scene.run(warm, ["init", ...on, "--agent-id", "g"])).code, 0);
    const start = ["ogp", "start", "--background", "--port", "0", "--json", ...on];
    const { code, stdout, stderr } = await scene.run(warm, start);
    assertEquals(code, 0, stderr);
    const { pid, url } = JSON.parse(stdout);
    try {
      const card = await fetch(`${url}/.well-known/ogp`);
      assertEquals(card.status, 200, await card.text());
      // The file was started once more, and not just its Deno: it has the program's permissions.
      if (Deno.build.os === "linux") {
        const words = (await Deno.readTextFile(`/proc/${pid}/cmdline`)).split("\0");
        assertEquals(PERMISSIONS.filter((flag) => !words.includes(flag)), []);
      }
    } finally {
      assertEquals((await scene.run(warm, ["ogp", "stop", ...on])).code, 0);
    }
    const serve = ["serve", "--json", "--port", "0", ...on];
    const served = scene.command(warm, serve, { stdout: "piped", stderr: "null" }).spawn();
    const said = served.stdout[Symbol.asyncIterator]();
    await said.next(); // it listens
    served.kill("SIGTERM");
    while (!(await said.next()).done);
    assertEquals((await served.status).code, 0);
  });

  await t.step("is unpacked once when many start at the same time", async () => {
    const home = await scene.home();
    await Promise.all([1, 2, 3, 4].map(() => scene.version(home)));
    assertEquals((await unpackedIn(`${home}/.cache/mesh`)).length, 1);
  });

  await t.step("mends what is half there or not safe", async () => {
    const [name = ""] = await unpackedIn(cache);
    const deno = `${cache}/${name}/deno`;
    const spoilt: [string, () => Promise<void>][] = [
      ["truncated", () => Deno.truncate(deno, 1000)],
      ["missing", () => Deno.remove(`${cache}/${name}/app/main.js`)],
      ["not executable", () => Deno.chmod(deno, 0o600)],
      ["writable by others", () => Deno.chmod(`${cache}/${name}/app`, 0o777)],
      ["a link", async () => {
        await Deno.rename(`${cache}/${name}`, `${cache}/elsewhere`);
        await Deno.symlink(`${cache}/elsewhere`, `${cache}/${name}`);
      }],
    ];
    for (const [, spoil] of spoilt) {
      await spoil();
      await scene.version(warm);
      assertEquals((await unpackedIn(cache)).filter((one) => one !== "elsewhere"), [name]);
      assert((await Deno.lstat(`${cache}/${name}`)).isDirectory);
      assertEquals(await modeOf(`${cache}/${name}/app`), 0o700);
    }
  });

  await t.step("goes elsewhere where others could change what it unpacks", async () => {
    const linked = await scene.home();
    await Deno.mkdir(`${linked}/.cache`);
    await Deno.mkdir(`${linked}/other`);
    await Deno.symlink(`${linked}/other`, `${linked}/.cache/mesh`);
    const open = await scene.home();
    await Deno.mkdir(`${open}/.cache`);
    await Deno.chmod(`${open}/.cache`, 0o777);
    for (const home of [linked, open]) {
      await scene.version(home);
      assertMatch((await unpackedIn(`${home}/tmp`)).join(), /^mesh-\d+$/);
    }
    assertEquals(await unpackedIn(`${linked}/other`), []);
    assertEquals(await unpackedIn(`${open}/.cache`), []);
  });

  await t.step("says so when the download is not whole", async () => {
    const home = await scene.home();
    const whole = await Deno.readFile(scene.program);
    const flipped = whole.slice();
    flipped[whole.length >> 1]! ^= 1;
    const damaged: [bytes: Uint8Array, said: string][] = [
      [
        whole.slice(0, whole.length - 7),
        `it has ${whole.length - 7} bytes instead of ${whole.length}`,
      ],
      [flipped, "this file is damaged"],
    ];
    for (const [bytes, said] of damaged) {
      const program = `${home}/mesh`;
      await Deno.writeFile(program, bytes, { mode: 0o755 });
      const { code, stdout, stderr } = await scene.run(home, ["--version"], { args: [program] });
      assertEquals([code, stdout], [7, ""]);
      assertStringIncludes(stderr, said);
      assertMatch(stderr, /\nhint: download it again/);
      const left = await Array.fromAsync(Deno.readDir(`${home}/.cache`), ({ name }) => name);
      if (left.length > 0) assertEquals(await unpackedIn(`${home}/.cache/mesh`), []);
    }
  });

  await t.step("leaves nothing when it is interrupted while it unpacks", async () => {
    const home = await scene.home();
    const child = scene.command(home, ["--version"], { detached: true, stdout: "null" }).spawn();
    const base = `${home}/.cache/mesh`;
    const begun = await eventually(
      "the unpacking",
      async () => (await unpackedIn(base).catch(() => [])).length > 0 && "yes",
    );
    assertEquals(begun, "yes");
    Deno.kill(-child.pid, "SIGINT");
    await child.status;
    await eventually(
      "an empty folder",
      async () =>
        (await unpackedIn(base)).every((name) => name.startsWith("portable-")) || undefined,
    );
    await scene.version(home);
    assertEquals((await unpackedIn(base)).length, 1);
  });
});
