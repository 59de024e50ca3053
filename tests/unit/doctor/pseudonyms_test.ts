import { assert, assertEquals } from "@std/assert";
import { Pseudonyms } from "../../../lib/doctor/pseudonyms.ts";

Deno.test("the same is called the same, something else otherwise", () => {
  const hide = new Pseudonyms({ names: ["kyle", "kyle-laptop"] });
  assertEquals(
    hide.text("kyle-laptop asked kyle, and kyle answered kyles"),
    "name-1 asked name-2, and name-2 answered kyles",
  );
  assertEquals(
    hide.text("http://a.example/x http://b.example http://A.example"),
    [
      "http://host-1/x",
      "http://host-2",
      "http://host-1",
    ].join(" "),
  );
});

Deno.test("keys, fingerprints, addresses and ids are hidden, times, ports and versions are not", () => {
  const hide = new Pseudonyms();
  const secret = [
    "302a300506032b65700321002af477e4cf53143c891eb31ad07865b9942c3813e0389a087db65c4d2e283819",
    "sha256:063dcc49f9c8bf70ba44fad738456732cba8d3089292b8163b495dcb21820376",
    "063d cc49 f9c8 bf70",
    "192.168.1.20",
    "fe80::1c2d:3e4f:5a6b:7c8d",
    "2001:db8:0:0:1:0:0:1",
    "39d20c80-b9f6-4021-a545-f62cc1f75008",
    "anna@example.org",
    "-1001234567890",
  ];
  const shown = hide.text(secret.join(" | "));
  for (const one of secret) assert(!shown.includes(one), `${one} is in ${shown}`);
  const plain = "2026-11-21T16:05:33.123Z port 18790, 127.0.0.1, ::1, 0.0.0.0, v2.9.6, 12.5 MB";
  assertEquals(hide.text(plain), plain);
});

Deno.test("a key is hidden with all its lines, a version of V8 is not", () => {
  const hide = new Pseudonyms();
  const pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAil/pdbc/bJvA=\n-----END PUBLIC KEY-----";
  assertEquals(hide.text(`${pem} and ${pem}`), "key-1 and key-1");
  assertEquals(hide.text(JSON.stringify({ pem })), '{"pem":"key-2"}');
  assertEquals(hide.text("V8 14.7.173.20-rusty"), "V8 14.7.173.20-rusty");
});

Deno.test("documents are hidden with their keys, and nothing else of them changes", () => {
  const hide = new Pseudonyms({ names: ["stan"], paths: [["/home/stan", "~"]] });
  assertEquals(
    hide.value({ stan: [1, true, null, "/home/stan/x"], deep: { at: "http://127.0.0.1:1" } }),
    { "name-1": [1, true, null, "~/x"], deep: { at: "http://127.0.0.1:1" } },
  );
});

Deno.test("a name that is a pattern, or nearly nothing, does no harm", () => {
  const hide = new Pseudonyms({ names: ["a+b(", "", "x", "$&"] });
  assertEquals(hide.text("a+b( and x and $&"), "name-1 and x and $&");
});

Deno.test("short addresses, long ids, phones, handles, tokens and others' folders are hidden", () => {
  const hide = new Pseudonyms({ hosts: ["nas", "anna.fritz.box"] });
  const secret = [
    ...["fe80::1", "fd00::", "2001:db8::5", "2001:db8::"],
    ...["175928847299117063", "user175928847299117063", "tg_123456789"],
    ...["+41 79 123 45 67", "+1 (555) 123-4567", "079 123 45 67", "+41791234567"],
    ...["@stan_laurel", "abc123def456ghi789jkl012mno", "/home/oliver/x", "/Users/hardy/y"],
    ...["C:\\Users\\hardy\\y", "nas", "Anna.Fritz.Box", "https://münchen.example/x"],
  ];
  for (const one of secret) {
    const shown = hide.text(`for ${one}.`);
    const core = one.replace(/^.*[/\\](?=[a-z]+[/\\])/, "").replace(/[/\\].$/, "");
    assert(!shown.includes(core), `${one} is in ${shown}`);
  }
  const plain =
    "@hono/node-server 12:34:56 peers/x.json.corrupt-20261121T165911Z mesh_queue_entries";
  assertEquals(hide.text(plain), plain);
});

Deno.test("names are hidden in any case, and where a script puts no blanks between words", () => {
  const hide = new Pseudonyms({ names: ["Stan Laurel", "李明", "ok", "Zoë"] });
  assertEquals(
    hide.text("stan laurel, STAN LAUREL, 来自李明的消息, zoë is ok"),
    "name-1, name-1, 来自name-3的消息, name-2 is ok",
  );
});
