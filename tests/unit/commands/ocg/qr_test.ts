import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import jsQR from "jsqr";
import { LoginScreen } from "../../../../commands/ocg/channels/login_screen.ts";
import { drawQr } from "../../../../commands/ocg/channels/qr.ts";
import { MeshError } from "../../../../lib/error.ts";
import { Terminal } from "../../../../commands/terminal.ts";
import { Sinks } from "../sinks.ts";

/** The package's types describe another way of importing it than the one that works here. */
const decode = jsQR as unknown as (typeof jsQR)["default"];

/** Pixels a module, and around a picture of a terminal's. */
const SCALE = 4;
const MARGIN = 8;

/** What a phone reads off a terminal whose characters are so bright on such a background. */
function scan(lines: readonly string[], ink: number, paper: number): string | undefined {
  // deno-lint-ignore no-control-regex -- colours
  const rows = lines.map((line) => line.replaceAll(/\u001b\[[\d;]*m/g, ""));
  const width = (rows[0]!.length + 2 * MARGIN) * SCALE;
  const height = (rows.length * 2 + 2 * MARGIN) * SCALE;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(paper);
  rows.forEach((row, y) => {
    [...row].forEach((cell, x) => {
      const halves = [cell === "▀" || cell === "█", cell === "▄" || cell === "█"];
      halves.forEach((isInk, half) => {
        for (let i = 0; i < SCALE * SCALE; i++) {
          const px = (x + MARGIN) * SCALE + i % SCALE;
          const py = (2 * y + half + MARGIN) * SCALE + Math.floor(i / SCALE);
          pixels.fill(isInk ? ink : paper, (py * width + px) * 4, (py * width + px) * 4 + 3);
        }
      });
    });
  });
  for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255;
  return decode(pixels, width, height)?.data;
}

Deno.test("a code that was drawn can be scanned, in colours and on a dark terminal", async () => {
  const texts = fc.string({ unit: "grapheme", minLength: 1, maxLength: 250 });
  await fc.assert(
    fc.asyncProperty(texts, fc.boolean(), async (text, color) => {
      const { lines, width } = await drawQr(`https://a.example/?q=${text}`, color);
      const [ink, paper] = color ? [0, 255] : [255, 0];
      assertEquals(scan(lines, ink, paper), `https://a.example/?q=${text}`);
      assertEquals(width, lines[0]!.replaceAll(/[^ ▀▄█]/g, "").length);
    }),
    { numRuns: 20 },
  );
});

Deno.test("a code fits on a terminal, or is too much for one", async () => {
  const { width } = await drawQr(
    "https://liteapp.weixin.qq.com/q/7GiQu1?qrcode=" + "a".repeat(40),
    true,
  );
  assert(width < 80, `${width} columns`);
  await assertRejects(() => drawQr("x".repeat(1001), true), MeshError);
});

Deno.test("whoever logs in sees the code, its URL and what the platform says", async () => {
  const sinks = new Sinks(false);
  const screen = new LoginScreen(new Terminal(sinks), () => 20);
  screen.said("Waiting\u001b[2J");
  screen.code("https://a.example/login");
  screen.code("x".repeat(2000));
  await screen.shown;
  const lines = sinks.stdout.text.split("\n");
  assertEquals(scan(lines.slice(0, -2), 255, 0), "https://a.example/login");
  assert(lines.at(-2)?.startsWith("Open this on your phone: xxx"));
  assertEquals(sinks.stderr.text.split("\n").slice(0, 2), [
    "Waiting\ufffd[2J",
    "warning: the terminal is too narrow for the code: it needs 29 columns",
  ]);
  assert(sinks.stderr.text.includes("https://a.example/login"));
});

Deno.test("programs get a document a line", () => {
  const sinks = new Sinks(false);
  const screen = new LoginScreen(new Terminal({ ...sinks, json: true }));
  screen.code("https://a.example/é");
  screen.said("ok");
  assertEquals(
    sinks.stdout.text,
    [
      '{"kind":"code","url":"https://a.example/\\u00e9"}\n',
      '{"kind":"status","text":"ok"}\n',
    ].join(""),
  );
});
