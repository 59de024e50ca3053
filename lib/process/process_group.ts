/**
 * Ends a child together with what it started: first politely, then for good.
 *
 * @module
 */

/** Whether a child can lead a group of its own here. */
export const GROUPS: boolean = Deno.build.os !== "windows";

/** A child that leads a process group. */
export class ProcessGroup {
  readonly #child: Pick<Deno.ChildProcess, "pid" | "kill">;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ending = false;

  /**
   * The group of a child that runs.
   *
   * @param child The child; started with `detached: GROUPS`, so that it leads its group.
   */
  constructor(child: Pick<Deno.ChildProcess, "pid" | "kill">) {
    this.#child = child;
  }

  /**
   * Asks the group to end, and ends it if it does not.
   *
   * @param graceMs Milliseconds between the two.
   */
  end(graceMs: number): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#signal("SIGTERM");
    this.#timer = setTimeout(() => this.#signal("SIGKILL"), graceMs);
  }

  /** To be called when the child has ended; what is left of a group that was to end is ended for good. */
  settle(): void {
    clearTimeout(this.#timer);
    if (this.#ending && GROUPS) this.#signal("SIGKILL");
  }

  #signal(signal: Deno.Signal): void {
    try {
      if (GROUPS) Deno.kill(-this.#child.pid, signal);
      else this.#child.kill(signal);
    } catch {
      // It has ended already.
    }
  }
}
