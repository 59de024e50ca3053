/**
 * A machine of the tour, and its user at the keyboard.
 *
 * @module
 */
import { expect, Failure } from "../../scripts/demo/failure.ts";
import type { Screen } from "../../scripts/demo/screen.ts";
import { programPath } from "./lacking.ts";
import { plugIn } from "./network.ts";
import { mountSystem } from "./system.ts";

/** How long a command may take, in milliseconds; far more than any takes. */
const PATIENCE = 120_000;

/** What must be true of a command's answer. */
export interface Expected {
  /** What it must say. */
  readonly shows?: RegExp;
  /** What it must not say. */
  readonly hides?: RegExp;
  /** The exit code; 0 unless told otherwise. */
  readonly code?: number;
}

/** A program beside what the user does. */
class Beside {
  readonly #child: Deno.ChildProcess;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
  }

  /** Waits until its standard output has a text. */
  async says(text: string): Promise<void> {
    let said = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      if ((said += chunk).includes(text)) return;
    }
    throw new Failure(`A program ended without saying "${text}"`, said);
  }

  /** Waits for its end. */
  output(): Promise<Deno.CommandOutput> {
    return this.#child.output();
  }
}

/** A network namespace, a file system, and a user with an empty home. */
export class Machine {
  /** How many lines were typed on all machines. */
  static typed = 0;
  /** The home folder, as the tour sees it. */
  readonly home: string;

  private constructor(
    readonly screen: Screen,
    readonly name: string,
    /** Its address on the network. */
    readonly address: string,
    readonly root: string,
    readonly user: number,
  ) {
    this.home = `${root}/home/${name}`;
  }

  /**
   * Makes a machine.
   *
   * @param screen Where it is said what happens.
   * @param name Its name, and its user's.
   * @param address Its address on the network.
   * @param system A folder with a clean system.
   * @param root A folder for its file system; it must not exist.
   */
  static async make(
    screen: Screen,
    name: string,
    address: string,
    system: string,
    root: string,
  ): Promise<Machine> {
    // In a user namespace there is no other user than root.
    const user = Deno.readTextFileSync("/proc/self/uid_map").trim().endsWith(" 1") ? 0 : 1000;
    await mountSystem(system, root, `/home/${name}`, user);
    await plugIn(name, address);
    return new Machine(screen, name, address, root, user);
  }

  /**
   * Types a line into a shell of the user's, and shows it with its answer.
   *
   * @param line The line.
   * @param expected What must be true of the answer.
   * @returns What it said, standard output and error as they came.
   * @throws {Failure} if the answer is another one, or none.
   */
  async types(line: string, { shows, hides, code: wanted = 0 }: Expected = {}): Promise<string> {
    Machine.typed++;
    this.screen.command(`${this.name}$ ${line}`);
    const env = [`HOME=/home/${this.name}`, `USER=${this.name}`, "TERM=xterm", "LANG=C.UTF-8"];
    const path = "PATH=/usr/local/bin:/usr/bin:/bin";
    const child = new Deno.Command("nsenter", {
      args: [
        ...[`--net=/run/netns/${this.name}`, await programPath("chroot") ?? "chroot"],
        // In a user namespace there is nobody else to become.
        ...(this.user === 0 ? [] : [`--userspec=${this.user}:${this.user}`]),
        this.root,
        ...["/usr/bin/env", "-i", ...env, path, "/bin/sh", "-lc", `cd\n{ ${line}\n} 2>&1`],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    const { code, signal, stdout, stderr } = await child.output();
    clearTimeout(timer);
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    this.screen.answer(said);
    const transcript = `${this.name}$ ${line}\n${said}`;
    expect(signal === null, `It did not end within ${PATIENCE / 1000} s`, transcript);
    expect(code === wanted, `It ended with exit code ${code} instead of ${wanted}`, transcript);
    if (shows) expect(shows.test(said), `The answer has nothing like ${shows}`, transcript);
    if (hides) expect(!hides.test(said), `The answer has something like ${hides}`, transcript);
    return said;
  }

  /**
   * Types a line again and again until the answer is the expected one; only that one is shown.
   *
   * @param line The line.
   * @param shows What it must say in the end.
   */
  async awaits(line: string, shows: RegExp): Promise<string> {
    const deadline = performance.now() + PATIENCE;
    while (true) {
      const quiet = { command() {}, answer() {} } as unknown as Screen;
      const look = new Machine(quiet, this.name, this.address, this.root, this.user);
      const said = await look.types(line).catch((error) => {
        if (error instanceof Failure) return error.transcript;
        throw error;
      });
      if (shows.test(said) || performance.now() > deadline) {
        return await this.types(line, { shows });
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /**
   * Runs a program of the tour's on the machine's network, beside what the user does.
   *
   * @param script Its address.
   * @param args Its arguments.
   * @returns The program; it ends with the tour.
   */
  runs(script: URL, ...args: string[]): Beside {
    const deno = [Deno.execPath(), "run", "--allow-all", "--no-check", script.href];
    return new Beside(
      new Deno.Command("nsenter", {
        args: [`--net=/run/netns/${this.name}`, ...deno, ...args],
        stdin: "null",
        stdout: "piped",
        stderr: "inherit",
      }).spawn(),
    );
  }

  /** What is in the home folder, by path, folders with a slash at the end. */
  async files(folder = ""): Promise<string[]> {
    const found: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(this.home + folder)) {
      if (isDirectory) found.push(`${folder}/${name}/`, ...await this.files(`${folder}/${name}`));
      else found.push(`${folder}/${name}`);
    }
    return found.sort();
  }
}
