import { assert, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../../lib/error.ts";
import {
  parseTargets,
  type TargetOptions,
  wordsOfText,
} from "../../../../lib/mesh/scan/targets.ts";

function urls(words: string[], options?: TargetOptions): string[] {
  const targets = parseTargets(words, options);
  const found = [...targets].map(({ url }) => url);
  assertEquals(targets.size, found.length);
  return found;
}

function refusal(words: string[], options?: TargetOptions): MeshError {
  const error = assertThrows(() => parseTargets(words, options), MeshError);
  assertEquals(error.code, "usage");
  assert(error.hint, "There is no hint");
  return error;
}

Deno.test("URLs keep their path, and a slash at the end means nothing", () => {
  assertEquals(
    urls([
      "http://nas.local:8787/",
      "https://mesh.example",
      "HTTP://Example.ORG/Agents/stan//",
      "http://[fd00::2]:8790",
      "http://10.0.0.5",
    ]),
    [
      "http://nas.local:8787",
      "https://mesh.example",
      "http://example.org/Agents/stan",
      "http://[fd00::2]:8790",
      "http://10.0.0.5",
    ],
  );
});

Deno.test("hosts get the default ports unless they name their own", () => {
  assertEquals(
    urls(["nas", "node-1.local.", "10.0.0.5:80", "[::1]", "[fd00::2]:9000", "a_b:1,2"], {
      ports: [8787, 8790],
    }),
    [
      "http://nas:8787",
      "http://nas:8790",
      "http://node-1.local.:8787",
      "http://node-1.local.:8790",
      "http://10.0.0.5",
      "http://[::1]:8787",
      "http://[::1]:8790",
      "http://[fd00::2]:9000",
      "http://a_b:1",
      "http://a_b:2",
    ],
  );
});

Deno.test("names outside ASCII are written as the DNS knows them", () => {
  assertEquals(urls(["bücher.example"]), ["http://xn--bcher-kva.example:8787"]);
});

Deno.test("a network leaves out its own and the broadcast address", () => {
  const found = urls(["192.168.1.0/24"]);
  assertEquals(found.length, 254);
  assertEquals(found[0], "http://192.168.1.1:8787");
  assertEquals(found.at(-1), "http://192.168.1.254:8787");
  assertEquals(urls(["192.168.1.77/30"]), ["http://192.168.1.77:8787", "http://192.168.1.78:8787"]);
  assertEquals(urls(["10.0.0.0/31"]), ["http://10.0.0.0:8787", "http://10.0.0.1:8787"]);
  assertEquals(urls(["10.0.0.9/32:8790"]), ["http://10.0.0.9:8790"]);
  assertEquals(parseTargets(["10.0.0.0/16"]).size, 65_534);
});

Deno.test("ranges include both ends", () => {
  assertEquals(urls(["10.0.0.254-10.0.1.1:8790"]), [
    "http://10.0.0.254:8790",
    "http://10.0.0.255:8790",
    "http://10.0.1.0:8790",
    "http://10.0.1.1:8790",
  ]);
  assertEquals(urls(["192.168.1.10-40"]).length, 31);
  assertEquals(urls(["192.168.1.7-7:80"]), ["http://192.168.1.7"]);
  assertEquals(urls(["255.255.255.250-255"]).length, 6);
});

Deno.test("several ports are scanned one after another", () => {
  assertEquals(urls(["10.0.0.0/30:8787,8790,8787"]), [
    "http://10.0.0.1:8787",
    "http://10.0.0.2:8787",
    "http://10.0.0.1:8790",
    "http://10.0.0.2:8790",
  ]);
});

Deno.test("what is named twice is asked once, and counts as named", () => {
  const targets = [...parseTargets([
    "10.0.0.0/29",
    "10.0.0.3",
    "http://10.0.0.3:8787/",
    "10.0.0.4:8790",
    "10.0.0.5-9",
    "http://10.0.0.6:8787/path",
    "https://10.0.0.6:8787",
  ])];
  const named = targets.filter(({ explicit }) => explicit).map(({ url, source }) => [url, source]);
  assertEquals(named, [
    ["http://10.0.0.3:8787", "10.0.0.3"],
    ["http://10.0.0.4:8790", "10.0.0.4:8790"],
    ["http://10.0.0.6:8787/path", "http://10.0.0.6:8787/path"],
    ["https://10.0.0.6:8787", "https://10.0.0.6:8787"],
  ]);
  const rest = targets.filter(({ explicit }) => !explicit).map(({ url, source }) => [url, source]);
  assertEquals(rest, [
    ...["1", "2", "4", "5", "6"].map((n) => [`http://10.0.0.${n}:8787`, "10.0.0.0/29"]),
    ...["7", "8", "9"].map((n) => [`http://10.0.0.${n}:8787`, "10.0.0.5-9"]),
  ]);
});

Deno.test("the size is the number of different URLs, whatever overlaps", () => {
  const octet = fc.integer({ min: 0, max: 12 });
  const word = fc.oneof(
    octet.map((n) => `10.0.0.${n}`),
    octet.map((n) => `10.0.0.${n}:8790`),
    fc.tuple(octet, fc.integer({ min: 27, max: 32 })).map(([n, bits]) => `10.0.0.${n}/${bits}`),
    fc.tuple(octet, octet).map(([a, b]) => `10.0.0.${Math.min(a, b)}-${Math.max(a, b)}:8787,8790`),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (words) => {
    const found = urls(words);
    assertEquals(new Set(found).size, found.length);
  }));
});

Deno.test("targets are made while they are walked over, and can be walked over again", () => {
  const started = performance.now();
  const targets = parseTargets(["10.0.0.0/16:8787,8788,8789,8790,8791,8792,8793,8794"]);
  assertEquals(targets.size, 8 * 65_534);
  const [first] = targets;
  const [again] = targets;
  assertEquals(first, again);
  assertLess(performance.now() - started, 500);
});

Deno.test("malformed words are refused with the word and a hint", () => {
  const words = [
    "",
    "host:",
    "host:0",
    "host:65536",
    "host:http",
    "host:80,",
    ":8787",
    "two words",
    "a/b",
    "a..b",
    "-",
    "-a.b",
    "a-.b",
    "a%41",
    "a\\b",
    "a#b",
    `${"x".repeat(64)}.y`,
    "user@host",
    "[::1",
    "[::g]",
    "[fe80::1%eth0]",
    "192.168.1",
    "127.1",
    "0x7f.1",
    "2130706433",
    "192.168.1.256",
    "192.168.001.010",
    "192.168.1.0/33",
    "192.168.1.0/",
    "192.168.1.0/x",
    "192.168.1/24",
    "192.168.1.40-10",
    "192.168.1.10-",
    "192.168.1.10-256",
    "192.168.1.10-192.168.1",
    "192.168.2.1-192.168.1.9",
    "ftp://host",
    "http://",
    "http://host:99999",
    "http://host/?q=1",
    "http://host/#x",
    "file:///etc/passwd",
  ];
  for (const word of words) {
    assertStringIncludes(refusal([word]).message, `"${word}"`);
  }
});

Deno.test("IPv6 without brackets and IPv6 networks are told how to be written", () => {
  assertEquals(refusal(["fd00::2"]).hint, "Write [fd00::2]");
  for (const word of ["fd00::/64", "[fd00::]/64", "::/0"]) {
    assertStringIncludes(refusal([word]).message, "IPv6 network");
  }
});

Deno.test("a password in a URL is neither taken nor repeated", () => {
  const { message, hint } = refusal(["http://stan:secret@10.0.0.5:8787"]);
  assert(!`${message} ${hint}`.includes("secret"));
  assertStringIncludes(message, "10.0.0.5:8787");
});

Deno.test("a word that is no text for a terminal is quoted without harm", () => {
  const { message } = refusal([`\x1b[2J\n${"x".repeat(100_000)} `]);
  assert(!/\p{Cc}/u.test(message));
  assertLess(message.length, 200);
});

Deno.test("more than 65,536 addresses are refused, also in parts", () => {
  for (
    const words of [
      ["10.0.0.0/8"],
      ["0.0.0.0/0"],
      ["0.0.0.0-255.255.255.255"],
      ["10.0.0.0/15"],
      ["10.0.0.0/16", "10.1.0.0-10.1.0.2"],
    ]
  ) {
    const { message } = refusal(words);
    assertStringIncludes(message, `"${words.at(-1)}"`);
    assertStringIncludes(message, "65,536 addresses");
  }
  assertEquals(parseTargets(["10.0.0.0/16", "10.0.0.0-10.0.255.255"]).size, 65_536);
  assertEquals(parseTargets(["10.0.0.0/16:1", "10.0.0.0/16:2"]).size, 2 * 65_534);
});

Deno.test("too many hosts and too many ports are refused", () => {
  const hosts = Array.from({ length: 65_537 }, (_, i) => `host-${i}`);
  assertStringIncludes(refusal(hosts).message, "65,536 hosts");
  const ports = Array.from({ length: 33 }, (_, i) => 8000 + i);
  assertStringIncludes(refusal(["10.0.0.0/30"], { ports }).message, "32 ports");
  assertEquals(parseTargets(["10.0.0.1"], { ports }).size, 33);
});

Deno.test("ports that are none are refused", () => {
  for (const port of [0, -1, 1.5, 65_536, NaN]) {
    assertStringIncludes(refusal([], { ports: [port] }).message, `"${port}"`);
  }
});

Deno.test("a hundred thousand overlapping words are read in time", () => {
  const words = Array.from({ length: 100_000 }, (_, i) => `10.0.${i % 256}.${i % 7}-200`);
  const started = performance.now();
  assertEquals(parseTargets(words).size, 256 * 201);
  assertLess(performance.now() - started, 5000);
});

Deno.test("a text gives its words without comments", () => {
  assertEquals(
    wordsOfText("\ufeff# all\r\n\r\n10.0.0.1 nas # the cellar # twice\n\t#x\n  a\tb:80  \nc#d"),
    ["10.0.0.1", "nas", "a", "b:80", "c#d"],
  );
  assertEquals(wordsOfText(""), []);
  assertEquals(wordsOfText("\n \n#"), []);
});

Deno.test("no text makes the parser fail otherwise than with a usage error", () => {
  const piece = fc.constantFrom(
    ..."0 1 255 10.0.0.1 /24 / - : , . [ ] :: http:// % @ a \u00fc \x00 8787".split(" "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      try {
        for (const { url } of parseTargets([pieces.join("")])) {
          assert(URL.canParse(url));
          break;
        }
      } catch (error) {
        assert(error instanceof MeshError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
