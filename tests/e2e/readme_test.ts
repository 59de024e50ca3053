/**
 * The README, typed: every command of its `console` blocks is run in order, and has to print what is shown.
 *
 * @module
 */
import { assert } from "@std/assert";
import { SURFACES } from "../../commands/config/surfaces.ts";
import { TestNode } from "./node.ts";
import { OurGateway } from "./ogp/helpers.ts";
import { consoleBlocks } from "./readme/blocks.ts";
import { ANSWERS, Stage } from "./readme/stage.ts";

const README = new URL("../../README.md", import.meta.url);

const SECTIONS = SURFACES.map(({ name }) => name);

/** What happens off the page, said by the text before a block. */
interface Direction {
  /** What the text says. */
  readonly when: RegExp;
  /** What is done then. */
  readonly act: (world: World, prose: string) => Promise<void>;
}

const DIRECTIONS: readonly Direction[] = [
  { when: /Bert's machine sleeps/, act: ({ stage }) => stage.end("bert") },
  {
    when: /^## Across the internet$/m,
    act: (world) => world.openGateways(),
  },
  {
    // What Bert types is in the text itself.
    when: /Bert compares the fingerprint and approves[^`]*`mesh ([^`]+)`/,
    act: (world, prose) => world.bertTypes(/approves[^`]*`mesh ([^`]+)`/.exec(prose)?.[1] ?? ""),
  },
];

/** The machine of the reader, and Bert's gateway somewhere else. */
class World implements AsyncDisposable {
  readonly stage: Stage;
  #bert: OurGateway | undefined;

  private constructor(stage: Stage) {
    this.stage = stage;
  }

  static async open(): Promise<World> {
    return new World(await Stage.open());
  }

  /** Makes the reader a gateway that can be reached, and Bert one whose agent answers. */
  async openGateways(): Promise<void> {
    const bert = await OurGateway.start("bert");
    this.#bert = bert;
    const argv = ["/bin/echo", "I write them down."];
    const target = JSON.stringify({ type: "command", argv });
    await bert.node.run(["config", "set", "notify.targets.notes", target]);
    await bert.node.run(["config", "set", "notify.default", "notes"]);
    await bert.down();
    await bert.up();
    this.stage.comparison.know("https://bert.example.com", bert.url);
    const port = this.stage.port("18790");
    const url = `http://127.0.0.1:${port}`;
    await Deno.writeTextFile(
      `${this.stage.home}/${ANSWERS}`,
      JSON.stringify({
        daemonPort: Number(port),
        gatewayUrl: url,
        displayName: "Anna",
        email: "anna@example.com",
      }),
    );
    const { code, printed } = await this.stage.run(
      `mesh init --agent-id anna --display-name Anna --endpoint ${url}`,
    );
    assert(code === 0, printed);
  }

  /** Has Bert type a command, and waits until the reader's gateway was told. */
  async bertTypes(line: string): Promise<void> {
    await this.#bert?.node.run(line.split(" "));
    const { code, printed } = await this.stage.run(
      "for i in $(seq 100); do mesh ogp federation list --status approved | grep -q bert && exit; " +
        "sleep 0.2; done; exit 1",
    );
    assert(code === 0, `Bert's approval did not arrive: ${printed}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage[Symbol.asyncDispose]();
    await this.#bert?.[Symbol.asyncDispose]();
  }
}

Deno.test("the configuration that the README shows can be used", async () => {
  const readme = await Deno.readTextFile(README);
  const shown = [...readme.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  await using node = await TestNode.empty("reader");
  await Deno.mkdir(node.state);
  for (const text of shown) {
    const ours = Object.keys(JSON.parse(text)).every((key) => SECTIONS.includes(key));
    const file = `${node.state}/${ours ? "config.json" : "ocg.json"}`;
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    await node.run(["config", "validate"]);
    await Deno.remove(file);
  }
});

Deno.test({
  name: "the commands of the README print what the README shows",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    const blocks = consoleBlocks(await Deno.readTextFile(README));
    assert(blocks.length > 0);
    await using world = await World.open();
    let sound = true;
    for (const { prose, typed } of blocks) {
      // What comes later builds on what came before.
      for (const { when, act } of DIRECTIONS) {
        if (sound && when.test(prose)) await act(world, prose);
      }
      for (const one of typed) {
        sound = sound && await t.step(one.line, () => world.stage.type(one));
      }
    }
  },
});
