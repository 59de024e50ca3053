import { assert, assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import {
  correlate,
  correlationFrom,
  currentCorrelation,
  newCorrelation,
  startCorrelating,
} from "../../../lib/log/correlation.ts";
import { isAtLeast, parseLogLevel } from "../../../lib/log/level.ts";
import { formatLine, type LogEntry, parseLine, plainLines } from "../../../lib/log/line.ts";
import { Logging } from "../../../lib/log/logging.ts";
import { LineSink } from "../../../lib/log/line_sink.ts";
import { folder } from "./folder.ts";

async function entries(path: string): Promise<LogEntry[]> {
  return (await Deno.readTextFile(path)).split("\n").slice(0, -1).map((text) => {
    const entry = parseLine(text);
    assert(entry, text);
    return entry;
  });
}

Deno.test("what is logged is a line of JSON with time, level, category, message and details", async () => {
  await using at = await folder();
  using logging = new Logging({ root: at.root, daemon: "serve" });
  const before = Date.now();
  logging.log("info", "delivery", "delivered to {Bert}: 4711", { to: "Bert", token: "x" });
  logging.flush();
  const [entry] = await entries(logging.path);
  assertEquals(logging.path, at.log("serve"));
  const { time, ...rest } = entry!;
  assert(Date.parse(time) >= before && Date.parse(time) <= Date.now());
  assertEquals(rest, {
    level: "info",
    category: "delivery",
    message: "delivered to {Bert}: 4711",
    daemon: "serve",
    pid: Deno.pid,
    properties: { to: "Bert", token: "[secret]" },
  });
});

Deno.test("less than the level is not logged", async () => {
  await using at = await folder();
  using logging = new Logging({ root: at.root, daemon: "serve", level: "warning" });
  for (const level of ["trace", "debug", "info", "warning", "error", "fatal"] as const) {
    logging.log(level, "x", level);
  }
  assertEquals((await entries(logging.path)).map(({ message }) => message), [
    "warning",
    "error",
    "fatal",
  ]);
});

Deno.test("what matters is written at once, and what was said before it too", async () => {
  await using at = await folder();
  using logging = new Logging({ root: at.root, daemon: "serve" });
  for (const words of ["said", "said before"]) logging.log("info", "x", words);
  logging.log("warning", "x", "look");
  const written = await entries(logging.path);
  assertEquals(written.map(({ message }) => message), ["said", "said before", "look"]);
});

Deno.test("whoever asks first is told whether a level is logged", async () => {
  await using at = await folder();
  using logging = new Logging({ root: at.root, daemon: "serve", level: "info" });
  assertEquals([logging.logs("debug"), logging.logs("info"), logging.logs("fatal")], [
    false,
    true,
    true,
  ]);
});

Deno.test("a second log takes the place of the first until it ends", async () => {
  await using at = await folder();
  const first = new Logging({ root: at.root, daemon: "one" });
  first.log("info", "x", "first");
  const second = new Logging({ root: at.root, daemon: "two" });
  second.log("info", "x", "second");
  second[Symbol.dispose]();
  first.log("info", "x", "first again");
  first[Symbol.dispose]();
  first.log("info", "x", "too late");
  assertEquals((await entries(at.log("one"))).map(({ message }) => message), [
    "first",
    "first again",
  ]);
  assertEquals((await entries(at.log("two"))).map(({ message }) => message), ["second"]);
});

Deno.test("what happens under an id is logged with it, also later and beside something else", async () => {
  await using at = await folder();
  await startCorrelating();
  using logging = new Logging({ root: at.root, daemon: "serve" });
  const ids = [newCorrelation(), newCorrelation()];
  await Promise.all(ids.map((id, i) =>
    correlate(id, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5 - i));
      logging.log("info", "x", id);
    })
  ));
  logging.log("info", "x", "none");
  assertEquals(currentCorrelation(), undefined);
  logging.flush();
  const seen = (await entries(logging.path)).map(({ message, correlation }) => [
    message,
    correlation ?? "none",
  ]);
  assertEquals(seen.sort(), [...ids, "none"].map((id) => [id, id]).sort());
});

Deno.test("only what W3C Trace Context allows is taken for an id", () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  assertEquals(correlationFrom(`00-${id}-00f067aa0ba902b7-00`), id);
  assertEquals(correlationFrom(`cc-${id}-00f067aa0ba902b7-01-what-the-future-will-be`), id);
  for (
    const wrong of [
      undefined,
      "",
      id,
      `ff-${id}-00f067aa0ba902b7-01`,
      `00-${id.toUpperCase()}-00f067aa0ba902b7-01`,
      `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
      `00-${id}-${"0".repeat(16)}-01`,
      `00-${id}-00f067aa0ba902b7-01x`,
    ]
  ) assertEquals(correlationFrom(wrong), undefined, wrong);
  assert(/^[0-9a-f]{32}$/.test(newCorrelation()));
});

Deno.test("levels are read as people write them", () => {
  assertEquals(parseLogLevel(" Warn "), "warning");
  assertThrows(() => parseLogLevel("loud"), MeshError, '"loud" is no level');
  assert(isAtLeast("error", "warning"));
  assert(!isAtLeast("info", "warning"));
});

Deno.test("lines of ours are read back, and others are none", () => {
  const entry: LogEntry = {
    time: "2026-01-01T00:00:00.000Z",
    level: "error",
    category: "ogp",
    message: "no\nway",
    correlation: "ab",
    daemon: "ogp",
    pid: 1,
    properties: { a: 1 },
  };
  const text = formatLine(entry);
  assert(!text.includes("\n"));
  assertEquals(parseLine(text), entry);
  for (
    const other of ["", "hello", "{}", '{"time":1}', text.slice(0, -2), '{"time":"x","message":""}']
  ) assertEquals(parseLine(other), undefined, other);
  assertEquals(
    plainLines(`${text}\nmesh: Port 1 is in use\n`),
    "no\nway\nmesh: Port 1 is in use\n",
  );
});

Deno.test("in the background what is said on the terminal is logged, a line each", () => {
  const logged: unknown[] = [];
  const sink = new LineSink({ log: (...line) => logged.push(line) });
  const say = (text: string) => sink.writeSync(new TextEncoder().encode(text));
  assertEquals(say("Stop"), 4);
  say("ping.\nwarning: careful\nmesh: Port 1 is in use\nhint: mesh ogp st");
  say("op\n\nhalf");
  assertEquals(logged, [
    ["info", "daemon", "Stopping."],
    ["warning", "daemon", "warning: careful"],
    ["error", "daemon", "mesh: Port 1 is in use"],
    ["error", "daemon", "hint: mesh ogp stop"],
  ]);
});
