/**
 * Commands typed on a state directory of their own, within this process.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { runCommand } from "../../../../commands/run.ts";
import { MemorySink } from "../sinks.ts";

/** A state directory. Dispose of it. */
export class Session implements AsyncDisposable {
  /** The state directory. */
  readonly root: string;
  /** Variables that commands read; there is no home directory but this. */
  readonly env: Record<string, string>;

  private constructor(home: string) {
    this.root = `${home}/state`;
    this.env = { HOME: home, MESH_STATE_DIR: this.root };
  }

  /** An empty one. */
  static async begin(): Promise<Session> {
    const session = new Session(await Deno.makeTempDir());
    await Deno.mkdir(session.root);
    return session;
  }

  /**
   * Types a command line.
   *
   * @param args The command line after `mesh`.
   * @param code The exit code that is expected.
   * @returns What it printed on both streams.
   */
  async type(args: readonly string[], code = 0): Promise<string> {
    const [stdout, stderr] = [new MemorySink(), new MemorySink()];
    const got = await runCommand(args, { stdout, stderr, env: (name) => this.env[name] });
    assertEquals([args.join(" "), got], [args.join(" "), code], stdout.text + stderr.text);
    return stdout.text + stderr.text;
  }

  /** Types a command line with `--json` and reads its document. */
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
  async json(args: readonly string[], code = 0): Promise<any> {
    const stdout = new MemorySink();
    const got = await runCommand([...args, "--json"], {
      stdout,
      stderr: new MemorySink(),
      env: (name) => this.env[name],
    });
    assertEquals([args.join(" "), got], [args.join(" "), code], stdout.text);
    return JSON.parse(stdout.text);
  }

  /** Writes a file of the state directory. */
  async write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.root}/${name}`, text, { mode: 0o600 });
  }

  /** Reads a file of the state directory. */
  async read(name: string): Promise<string> {
    return await Deno.readTextFile(`${this.root}/${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root.replace(/\/state$/, ""), { recursive: true });
  }
}
