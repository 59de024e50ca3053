import { assertEquals, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { planImport } from "../../../../lib/ogp/import/plan.ts";
import { encryptedKey, originalKey, originalPeer } from "./originals.ts";

const NOW = new Date("2026-11-21T12:00:00.000Z");

function files(texts: Record<string, unknown>): Map<string, string | MeshError> {
  return new Map(
    Object.entries(texts).map(([name, value]) => [
      name,
      typeof value === "string" || value instanceof MeshError ? value : JSON.stringify(value),
    ]),
  );
}

Deno.test("a whole folder is planned, its key opened with its own token", () => {
  const pair = originalKey();
  const plan = planImport(
    files({
      "config.json": { openclawToken: "tok", displayName: "Anna", platform: "openclaw" },
      "keypair.json": encryptedKey(pair, "tok", "openclawToken"),
      "peers.json": [originalPeer({ responsePolicy: { a: { level: "full" } } })],
      "intents.json": { intents: [{ name: "deployment" }] },
      "projects.json": [{ id: "a" }, { id: "b" }],
      "agent-comms-config.json": { defaultLevel: "full" },
      "activity.log": "one\r\ntwo\n\n",
    }),
    { now: NOW },
  );
  assertEquals(plan.key?.publicKey.der, pair.publicKey);
  assertEquals(plan.values, { openclawToken: "tok", displayName: "Anna" });
  assertEquals(plan.peers.length, 1);
  assertEquals(plan.findings, []);
  assertEquals([...plan.kept].map(([name, { detail }]) => [name, detail]), [
    ["intents.json", "1 intent"],
    ["projects.json", "2 projects"],
    ["agent-comms-config.json", "1 setting"],
    ["activity.log", "2 lines"],
    ["config.json", "platform"],
    ["peer-policies.json", "how to answer 1 peer"],
  ]);
  assertEquals(plan.kept.get("activity.log")?.text, "one\ntwo\n");
});

Deno.test("a damaged file is reported, and the rest is taken", () => {
  const plan = planImport(
    files({
      "config.json": "{",
      "keypair.json": new MeshError("io", "It cannot be read: denied"),
      "peers.json": [originalPeer()],
      "projects.json": '[{"id":',
    }),
    { now: NOW },
  );
  assertEquals([plan.key, plan.values, plan.peers.length], [undefined, {}, 1]);
  assertEquals(plan.findings.map(({ file, fate }) => [file, fate]), [
    ["config.json", "refused"],
    ["keypair.json", "refused"],
    ["projects.json", "refused"],
  ]);
  assertStringIncludes(plan.findings[1]?.detail ?? "", "denied");
});

Deno.test("nothing in a folder is nothing to do", () => {
  const plan = planImport(files({}), { now: NOW });
  assertEquals([plan.key, plan.peers, plan.findings, plan.kept.size], [undefined, [], [], 0]);
});
