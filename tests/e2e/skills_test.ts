import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { SKILLS } from "../../lib/skills/skills.ts";
import { FakeTelegram } from "../fakes/telegram_api.ts";
import { FakeTunnel } from "../fakes/tunnels.ts";
import { fakeAgent, streamed } from "../unit/ocg/fakes.ts";
import { eventually } from "./eventually.ts";
import { foreign, OurGateway } from "./ogp/helpers.ts";
import { createContactRequest, receiveContact } from "../../lib/mesh/contacts.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { TestNode, trust } from "./node.ts";
import { freePort } from "./ports.ts";
import { PROGRAM } from "./program.ts";

Deno.test("skills are installed for what is on this machine, and listed", async (t) => {
  await using ann = await TestNode.named("ann");
  const claude = `${ann.home}/.claude`;
  const names = SKILLS.map(({ name }) => name);
  const list = async () => {
    // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
    const rows: any[] = await ann.json(["skills", "list"]);
    assertEquals(rows.map(({ name }) => name), names);
    return rows[0].installed.map(({ state }: { state: string }) => state);
  };

  await t.step("on a machine without either, it has to be said where", async () => {
    // Our own state is in a folder of OpenClaw's, which makes no OpenClaw.
    await Deno.mkdir(`${ann.home}/.openclaw/agent-mesh`, { recursive: true });
    const failure = await ann.json(["skills", "install"], { code: 3 });
    assertMatch(failure.hint, /--for claude/);
    assertEquals(await list(), ["absent", "absent"]);
    const { skills } = await ann.json(["skills", "install", "mesh", "--for", "openclaw"]);
    assertEquals(skills, [{
      name: "mesh",
      path: `${ann.home}/.openclaw/skills/mesh/SKILL.md`,
      state: "absent",
      done: "installed",
    }]);
    assertEquals(await list(), ["current", "absent"]);
  });

  await t.step("else it goes where the programs look", async () => {
    await Deno.mkdir(claude);
    await Deno.writeTextFile(`${claude}/settings.json`, "{}");
    const { stdout } = await ann.run(["skills", "install"]);
    assertStringIncludes(stdout, `up to date  ${ann.home}/.openclaw/skills/mesh/SKILL.md\n`);
    assertStringIncludes(stdout, `installed   ${claude}/skills/ogp/SKILL.md\n`);
    assertEquals(await list(), ["current", "current"]);
  });

  await t.step("what was edited is kept, unless it is forced", async () => {
    const file = `${claude}/skills/ogp/SKILL.md`;
    await Deno.writeTextFile(file, "Mine\n", { append: true });
    const { stderr } = await ann.run(["skills", "install"], { code: 5 });
    assertStringIncludes(stderr, `"${file}" was kept: it was edited`);
    assertMatch(await Deno.readTextFile(file), /Mine\n$/);
    await ann.run(["skills", "install", "ogp", "--for", "claude", "--force"]);
    assert(!/Mine/.test(await Deno.readTextFile(file)));
  });

  await t.step("other folders of the programs, and any folder, are used", async () => {
    const env = { CLAUDE_CONFIG_DIR: `${ann.home}/c`, OPENCLAW_STATE_DIR: `${ann.home}/o` };
    const { skills } = await ann.json(["skills", "install", "ogp", "--for", "all"], { env });
    assertEquals(skills.map(({ path }: { path: string }) => path), [
      `${ann.home}/o/skills/ogp/SKILL.md`,
      `${ann.home}/c/skills/ogp/SKILL.md`,
    ]);
    await ann.run(["skills", "install", "--dir", "here"], { cwd: ann.home });
    assert((await Deno.stat(`${ann.home}/here/ogp-project/SKILL.md`)).isFile);
  });

  await t.step("what cannot be meant is said", async () => {
    const { hint } = await ann.json(["skills", "install", "ogp-projekt"], { code: 2 });
    assertEquals(hint, "mesh skills install ogp-project");
    await ann.run(["skills", "install", "--for", "all", "--dir", "x"], { code: 2 });
    await ann.run(["skills", "install", "--for", "emacs"], { code: 2 });
  });
});

/** What a skill's command lines are run in: gateways and agents that know each other. */
class World implements AsyncDisposable {
  readonly ours: OurGateway;
  readonly #things = new AsyncDisposableStack();
  readonly #values: Record<string, string> = {};
  #path = "";
  #theirs: OurGateway | undefined;
  #telegram: FakeTelegram | undefined;

  private constructor(ours: OurGateway) {
    this.ours = ours;
  }

  static async make(skill: string): Promise<World> {
    const world = new World(await OurGateway.start("ours", { host: "127.0.0.1" }));
    world.#things.use(world.ours);
    try {
      await world.#installProgram();
      if (skill === "mesh") await world.#agents();
      else if (skill === "ocg") await world.#chats();
      else await world.#gateways();
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A command line with values for its words in capitals. */
  async fill(line: string): Promise<string> {
    let filled = line;
    for (const [word] of line.matchAll(/\b[A-Z][A-Z_]{2,}\b/g)) {
      const value = await this.#value(word, line);
      if (value !== undefined) filled = filled.replace(word, value);
    }
    return filled;
  }

  /** Runs a command line as a shell would, and tells its exit code and what it said. */
  async run(line: string, patience: number): Promise<{ code: number; said: string }> {
    const child = new Deno.Command("sh", {
      // Else the signal below would end the shell alone.
      args: ["-c", `exec ${line}`],
      env: { ...this.ours.node.env, PATH: this.#path, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const timer = setTimeout(() => child.kill("SIGTERM"), patience);
    const { code, signal, stdout, stderr } = await child.output();
    clearTimeout(timer);
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
    return { code: signal === "SIGTERM" ? 0 : code, said };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ours.node.run(["ogp", "expose", "stop"]);
    await this.ours.node.run(["ocg", "stop"]);
    await this.#things.disposeAsync();
  }

  async #installProgram(): Promise<void> {
    const tunnel = this.#things.use(await FakeTunnel.make("cloudflared", ["works"], [freePort()]));
    const words = PROGRAM.command.map((word) => `'${word}'`).join(" ");
    const script = `#!/bin/sh\nexec ${words} "$@"\n`;
    await Deno.writeTextFile(`${tunnel.folder}/mesh`, script, { mode: 0o755 });
    this.#path = tunnel.env.PATH ?? "";
  }

  async #gateways(): Promise<void> {
    const theirs = this.#things.use(await OurGateway.start("theirs"));
    this.#theirs = theirs;
    await this.ours.json(["request", theirs.url]);
    const { publicKey } = await this.ours.card();
    await theirs.becomes(publicKey, "pending");
    await theirs.json(["approve", publicKey]);
    await this.ours.becomes((await theirs.card()).publicKey, "approved");
    const newcomer = this.#things.use(await foreign("0.7", "Newcomer"));
    await newcomer.request(this.ours.url);
    const another = this.#things.use(await foreign("0.7", "Another"));
    await theirs.node.run(["ogp", "project", "create", "shared-app", "Shared"]);
    await theirs.node.run(["ogp", "project", "invite", "shared-app", "Ours"]);
    Object.assign(this.#values, {
      PEER: "Theirs",
      NEWCOMER: "Newcomer",
      PEER_URL: another.url,
      OWN_URL: this.ours.url,
      NAME: "Ours",
      EMAIL: "ours@example.com",
      ALIAS: "another",
    });
  }

  async #agents(): Promise<void> {
    const stan = this.#things.use(await TestNode.named("stan"));
    const leo = this.#things.use(await TestNode.named("leo"));
    for (const node of [stan, leo]) this.#things.use(await node.serve());
    await trust(this.ours.node, stan);
    await trust(stan, this.ours.node);
    Object.assign(this.#values, {
      AGENT: "stan",
      ENDPOINT: leo.endpoint,
      REQUEST: await requestFrom(leo, this.ours.node),
    });
  }

  /** An agent behind chats, and a platform with a person on it. */
  async #chats(): Promise<void> {
    const { state } = this.ours.node;
    const agent = this.#things.use(fakeAgent(() => streamed(["Fine."])));
    const telegram = await FakeTelegram.start();
    this.#things.defer(() => telegram.close());
    this.#telegram = telegram;
    const config = { agentUrl: agent.url, callbackHost: "127.0.0.1", callbackPort: freePort() };
    await Deno.writeTextFile(`${state}/ocg.json`, JSON.stringify(config), { mode: 0o600 });
    Object.assign(this.#values, {
      TOKEN_FILE: await this.ours.node.file("token", telegram.token),
      API_ROOT: telegram.apiRoot,
      PERSON: "42",
      CHAT: "42",
    });
  }

  async #value(word: string, line: string): Promise<string | undefined> {
    if (word === "NONCE") {
      // One message can be answered once.
      const which = line.includes("--error") ? "second" : "first";
      return this.#values[which] ??= await this.#message("general");
    }
    if (word === "CODE") return this.#values[word] ??= await this.#code();
    if (word === "APPROVAL") return this.#values[word] ??= await this.#question();
    return this.#values[word];
  }

  async #message(topic: string): Promise<string> {
    const sent = await this.#theirs?.json(["agent", "Ours", topic, "Hello?"]);
    return sent.nonce;
  }

  /** What a stranger on the platform is told. */
  async #code(): Promise<string> {
    this.#telegram?.say("Hello?");
    const said = () => [...this.#telegram?.texts.values() ?? []].join("\n");
    return await eventually("a code", () => /code: (\w+)/.exec(said())?.[1]);
  }

  /** A message that waits for the owner. */
  async #question(): Promise<string> {
    const { node } = this.ours;
    await node.run([
      "ogp",
      "agent-comms",
      "add-topic",
      "Theirs",
      "calendar",
      "--level",
      "escalate",
    ]);
    return await this.#message("calendar");
  }
}

/** A contact request of one node at another. */
async function requestFrom(who: TestNode, where: TestNode): Promise<string> {
  const request = printJson(createContactRequest(await who.open()));
  const received = await receiveContact(await where.open(), new TextEncoder().encode(request));
  return received.request.request_id;
}

/** Lines that would do more to this machine than a test may. */
const INSTEAD: Readonly<Record<string, string>> = {
  "mesh scan": "mesh scan 127.0.0.1:1",
  "mesh ocg channels add --channel telegram --token - < TOKEN_FILE":
    "mesh ocg channels add --channel telegram --set apiRoot=API_ROOT --token - < TOKEN_FILE",
  "mesh serve": `mesh serve --host 127.0.0.1 --port ${freePort()}`,
};

/** Lines that go on until they are ended get so many milliseconds. */
const ENDLESS = /^mesh serve/;
const MOMENT = 2_000;
const PATIENCE = 60_000;

/** Exit codes beside 0 that a line may have, with why. */
const ALLOWED: readonly (readonly [line: RegExp, codes: readonly number[]])[] = [
  [/--wait/, [6]], // nobody answers
  [/^mesh init/, [5]], // there is an identity
  [/^mesh doctor/, [1]], // what it looks at is not what is tested here
];

function linesOf(text: string): string[] {
  return [...text.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

for (const { name, text } of SKILLS) {
  Deno.test({
    name: `each command line of the skill "${name}" works`,
    ignore: Deno.build.os === "windows",
    fn: async (t) => {
      const lines = linesOf(text);
      assert(lines.length > 4, "There is hardly a command in it");
      await using world = await World.make(name);
      for (const line of lines) {
        await t.step(line, async () => {
          assertMatch(line, /^mesh /);
          const filled = await world.fill(INSTEAD[line] ?? line);
          const patience = ENDLESS.test(line) ? MOMENT : PATIENCE;
          const { code, said } = await world.run(filled, patience);
          const allowed = ALLOWED.flatMap(([which, codes]) => which.test(line) ? codes : []);
          assert([0, ...allowed].includes(code), `${filled}: exit code ${code}\n${said}`);
        });
      }
    },
  });
}

Deno.test("each command that a skill names in its text is one", async () => {
  await using ann = await TestNode.named("ann");
  for (const { name, text } of SKILLS) {
    for (const [, command = ""] of text.matchAll(/`(mesh [a-z][a-z -]*?)(?: [A-Z].*?)?`/g)) {
      const { stdout } = await ann.run([...command.split(" ").slice(1), "--help"]);
      assertStringIncludes(stdout, "USAGE", `${name}: ${command}`);
    }
  }
});
