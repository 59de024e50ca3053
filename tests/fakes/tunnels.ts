/**
 * A folder for the `PATH` with stand-ins for the tunnel programs.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { TunnelMethod } from "../../lib/expose/tunnel_program.ts";
import { type Behaviour, FILES } from "./tunnel_program.ts";

/** What is known of a run of a stand-in. */
export interface FakeRun {
  /** Its process. */
  readonly pid: number;
  /** Its arguments. */
  readonly args: readonly string[];
}

/** A stand-in. Dispose of it: its folder is removed. */
export class FakeTunnel implements AsyncDisposable {
  /** The folder to put on the `PATH`. */
  readonly folder: string;
  /** The program's path. */
  readonly path: string;

  private constructor(folder: string, method: TunnelMethod) {
    this.folder = folder;
    this.path = `${folder}/${method}`;
  }

  /**
   * Puts a stand-in into a folder of its own.
   *
   * @param method Which program it stands in for.
   * @param behaviours What its runs do; the last one goes on for later runs.
   * @param ports The ports of the URLs of its runs.
   * @returns The stand-in.
   */
  static async make(
    method: TunnelMethod,
    behaviours: readonly Behaviour[],
    ports: readonly number[] = [],
  ): Promise<FakeTunnel> {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "mesh-tunnel-" }));
    const fake = new FakeTunnel(folder, method);
    await Deno.writeTextFile(`${folder}/${FILES.plan}`, JSON.stringify({ behaviours, ports }));
    const program = fileURLToPath(new URL("./tunnel_program.ts", import.meta.url));
    const command = [
      Deno.execPath(),
      "run",
      "-A",
      "--no-check",
      "--quiet",
      "--no-lock",
      "--no-config",
    ];
    const words = [...command, program, method, folder].map((word) => `'${word}'`);
    await Deno.writeTextFile(fake.path, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, {
      mode: 0o755,
    });
    return fake;
  }

  /** A `PATH` with the stand-in first. */
  get env(): Record<string, string> {
    return { PATH: `${this.folder}:${Deno.env.get("PATH") ?? ""}` };
  }

  /** Its runs so far. */
  async runs(): Promise<FakeRun[]> {
    const text = await Deno.readTextFile(`${this.folder}/${FILES.runs}`).catch(() => "");
    return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  /** Makes the run that works right now die. */
  async die(): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/${FILES.die}`, "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A test that failed may have left one behind; each leads a group of its own.
    for (const { pid } of await this.runs()) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It has ended, as it should.
      }
    }
    await Deno.remove(this.folder, { recursive: true });
  }
}
