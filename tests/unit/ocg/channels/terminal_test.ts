import { assertEquals, assertFalse, assertRejects } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { TerminalChannel } from "../../../../lib/ocg/channels/terminal/terminal.ts";
import { eventually } from "../../../e2e/eventually.ts";
import { Listener } from "./listener.ts";

/** A terminal whose typing and screen the test has in its hands. */
function terminal() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const keys = writable.getWriter();
  const screen: string[] = [];
  const channel = new TerminalChannel({
    input: readable,
    write: (text) => Promise.resolve(void screen.push(text)),
    prompt: "> ",
  });
  const listener = new Listener();
  channel.start(listener);
  const type = (text: string) => keys.write(new TextEncoder().encode(text));
  return { channel, listener, keys, screen, type };
}

Deno.test("each line is a message, however its bytes arrive", async () => {
  const { channel, listener, keys, type } = terminal();
  await type("hel");
  await type("lo\r\n\n  \nwor");
  const bytes = new TextEncoder().encode("ld é");
  for (const byte of bytes) await keys.write(new Uint8Array([byte]));
  await keys.close();
  await channel.ended;
  assertEquals(listener.texts, ["hello", "world é"]);
  assertFalse(listener.messages[0]!.id === listener.messages[1]!.id);
  await channel.stop();
});

Deno.test("what is printed cannot steer the terminal", async () => {
  const { channel, screen } = terminal();
  await channel.send("terminal", { text: "a\u001b]0;x\u0007b", mediaUrl: "https://a.example/b" });
  assertEquals(screen, ["a\\u001b]0;x\\u0007b\nhttps://a.example/b\n\n> "]);
  await assertRejects(() => channel.send("terminal", { text: " " }), MeshError);
  await assertRejects(() => channel.send("other", { text: "x" }), MeshError);
  await channel.stop();
});

Deno.test("a message that was not taken is named, and the next one is", async () => {
  const { channel, listener, screen, type } = terminal();
  listener.before = ({ text }) => text === "one" && Promise.reject(new Error("no disk"));
  await type("one\ntwo\n");
  await eventually("the second", () => listener.messages.length === 1);
  assertEquals([listener.texts, screen], [["two"], ["Not sent: no disk\n"]]);
  await channel.stop();
});

Deno.test("a stop ends the reading of an input that goes on", async () => {
  const { channel, listener } = terminal();
  await channel.stop();
  await channel.ended;
  assertEquals(listener.statuses.map(({ state }) => state), ["running", "stopped"]);
});

Deno.test("on a screen an answer grows where it stands", async () => {
  const { readable } = new TransformStream<Uint8Array, Uint8Array>();
  const screen: string[] = [];
  const said: (string | undefined)[] = [];
  const channel = new TerminalChannel({
    input: readable,
    write: (text) => Promise.resolve(void screen.push(text)),
    prompt: "> ",
    live: true,
    onSaid: ({ text }) => said.push(text),
  });
  const sent = await channel.send("terminal", { text: "One" });
  await channel.edit("terminal", sent, "One, two");
  await channel.edit("terminal", sent, "One, two");
  await channel.edit("terminal", sent, "One, two\u001b");
  await channel.endAnswer();
  assertEquals(screen, ["One", ", two", "\\u001b", "\n\n> "]);
  await assertRejects(() => channel.edit("terminal", sent, "Late"), MeshError);

  screen.length = 0;
  const other = await channel.send("terminal", { text: "First" });
  // What does not follow from what is printed is printed whole.
  await channel.edit("terminal", other, "Second");
  await channel.send("terminal", { text: "Third" });
  await channel.endAnswer();
  assertEquals(screen, ["First", "\n\nSecond", "\n\nThird", "\n\n> "]);
  assertEquals(said, ["One", "First", "Third"]);
  await channel.stop();
});
