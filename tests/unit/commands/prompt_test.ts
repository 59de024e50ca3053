import { assertEquals, assertRejects } from "@std/assert";
import { type AnswerSource, Prompt } from "../../../commands/prompt.ts";
import { Terminal } from "../../../commands/terminal.ts";
import { MeshError } from "../../../lib/error.ts";
import { Sinks } from "./sinks.ts";

/** A keyboard: each text is what one read gets; then there is nothing more. */
class Keyboard implements AnswerSource {
  readonly modes: boolean[] = [];
  readonly #typed: string[];

  constructor(...typed: string[]) {
    this.#typed = typed;
  }

  read(bytes: Uint8Array): Promise<number | null> {
    const text = this.#typed.shift();
    if (text === undefined) return Promise.resolve(null);
    return Promise.resolve(new TextEncoder().encodeInto(text, bytes).written);
  }

  setRaw(raw: boolean): void {
    this.modes.push(raw);
  }
}

function promptFor(...typed: string[]) {
  const sinks = new Sinks(true);
  const keyboard = new Keyboard(...typed);
  return { sinks, keyboard, prompt: new Prompt(new Terminal(sinks), keyboard) };
}

Deno.test("a line is asked for on stderr, and read without what surrounds it", async () => {
  const { sinks, prompt } = promptFor("  Anna \r\n");
  assertEquals(await prompt.line("Display name [x]:"), "Anna");
  assertEquals([sinks.stdout.text, sinks.stderr.text], ["", "Display name [x]: "]);
});

Deno.test("a secret is read unseen, key by key, with its corrections", async () => {
  const { sinks, keyboard, prompt } = promptFor("tok", "X", "\u007f", "-1é", "2\r");
  assertEquals(await prompt.secret("Token:"), "tok-1é2");
  assertEquals(keyboard.modes, [true, false]);
  assertEquals(sinks.stderr.text, "Token: \n");
});

Deno.test("the end of input and Ctrl-C give up, and the keyboard is as before", async () => {
  const line = await assertRejects(() => promptFor().prompt.line("?"), MeshError);
  assertEquals(line.code, "interrupted");
  for (const keys of ["\u0003", "ab\u0004"]) {
    const { keyboard, prompt } = promptFor(keys);
    const error = await assertRejects(() => prompt.secret("?"), MeshError);
    assertEquals([error.code, keyboard.modes], ["interrupted", [true, false]]);
  }
  assertEquals(
    (await assertRejects(() => promptFor("a").prompt.secret("?"), MeshError)).code,
    "interrupted",
  );
});

Deno.test("a secret without end is refused", async () => {
  const { prompt } = promptFor(...Array(5).fill("x".repeat(4000)));
  assertEquals((await assertRejects(() => prompt.secret("?"), MeshError)).code, "too_large");
});
