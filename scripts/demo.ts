/**
 * Shows what the program is for: two nodes as two daemons on this machine find, approve and message each
 * other, and a forged message is refused. What is printed is what was run and what it answered, and each
 * answer is checked. Nothing is left behind, whatever happens.
 *
 * Run it with `deno task demo`; `MESH_BINARY` names a compiled program to show instead of the sources.
 *
 * @module
 */
import { Failure } from "./demo/failure.ts";
import { interrupted } from "./interrupted.ts";
import { Screen } from "./demo/screen.ts";
import { Stage } from "./demo/stage.ts";
import { story } from "./demo/story.ts";

/** Plays the story, clears up, and returns the exit code. */
async function main(): Promise<number> {
  const started = performance.now();
  const screen = new Screen();
  const interruption = interrupted();
  let code = 0;
  let stage: Stage | undefined;
  try {
    stage = await Stage.open(screen);
    code = await Promise.race([story(stage).then(() => 0), interruption.code]);
  } catch (error) {
    // Ctrl-C reaches the processes of the demo as well, and news of their end may come first.
    code = await Promise.race([interruption.code, pause(100).then(() => 1)]);
    if (code === 1) screen.failure(error instanceof Failure ? error.transcript : error);
  }
  try {
    await stage?.clear();
  } catch (error) {
    code = 1;
    screen.failure(error);
  }
  interruption.ignore();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (code === 0) {
    screen.heading(`Done in ${seconds} s. Both daemons have stopped; nothing is left.`);
  }
  return code;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) Deno.exit(await main());
