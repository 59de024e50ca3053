import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import { dropAccount, putAccount } from "../../../lib/ocg/account_edit.ts";
import { chatAccounts } from "../../../lib/ocg/accounts.ts";
import { checkOcgConfig } from "../../../lib/ocg/config.ts";

type File = Record<string, unknown>;

const accountsOf = (file: File) => chatAccounts(checkOcgConfig(file).config, () => undefined);
const ops = { channel: "discord", account: "ops" };

/** An account with any of the keys that there are. */
const keys = fc.record({
  token: fc.string(),
  enabled: fc.boolean(),
  agentUrl: fc.constantFrom("http://a/", "ogp:stan/general"),
  model: fc.string({ maxLength: 10 }),
  agentType: fc.constantFrom("openai", "acp"),
  acp: fc.constant({ command: "x" }),
  async: fc.boolean(),
  historyTurns: fc.nat(100),
  allowFrom: fc.array(fc.constantFrom("*", "1", "2")),
  allowChats: fc.array(fc.constantFrom("1", "2")),
  pairing: fc.boolean(),
}, { requiredKeys: [] });

Deno.test("a second account changes nothing for the first, and lets in nobody whom it does not name", () => {
  fc.assert(fc.property(keys, keys, (first, second) => {
    const file: File = { allowFrom: ["top"], channels: { discord: first } };
    const [before] = accountsOf(file);
    putAccount(file, ops, second);
    const [after, added] = accountsOf(file);
    assertEquals(after, before);
    assertEquals(added?.allowFrom, second.allowFrom ?? ["top"]);
    assertEquals(added?.enabled, second.enabled ?? true);
    assertEquals(added?.settings, second.token === undefined ? {} : { token: second.token });
    dropAccount(file, "discord", "ops");
    assertEquals(accountsOf(file), [before]);
  }));
});

Deno.test("an account that is there is changed only by force, and keeps its other keys", () => {
  const file: File = { channels: { discord: { token: "a", pairing: false } } };
  const main = { channel: "discord", account: "default" };
  const { code } = assertThrows(() => putAccount(file, main, { token: "b" }), MeshError);
  assertEquals(code, "exists");
  assertEquals(file, { channels: { discord: { token: "a", pairing: false } } });
  putAccount(file, main, { token: "b" }, true);
  assertEquals(file, { channels: { discord: { token: "b", pairing: false } } });
  putAccount(file, ops, { token: "c" });
  assertThrows(() => putAccount(file, ops, { token: "d" }), MeshError);
  putAccount(file, ops, { model: "m" }, true);
  assertEquals(accountsOf(file).map(({ account, settings }) => [account, settings.token]), [
    ["default", "b"],
    ["ops", "c"],
  ]);
});

Deno.test("a channel that only says which agent it has is completed", () => {
  const file: File = { channels: { discord: { agentUrl: "http://a/" } } };
  const main = { channel: "discord", account: "default" };
  assertThrows(() => putAccount(file, main, { allowFrom: ["1"] }), MeshError);
  putAccount(file, main, { token: "t" });
  assertEquals(file.channels, { discord: { agentUrl: "http://a/", token: "t" } });
});

Deno.test("names are names, whatever objects know them", () => {
  const file: File = {};
  const odd = { channel: "constructor", account: "toString" };
  assertThrows(() => dropAccount(file, "constructor"), MeshError);
  putAccount(file, odd, { token: "t" });
  assertEquals(accountsOf(file).map(({ channel, account }) => [channel, account]), [
    ["constructor", "toString"],
  ]);
  assertThrows(() => dropAccount(file, "constructor", "valueOf"), MeshError);
  dropAccount(file, "constructor", "toString");
  assert(!Object.hasOwn(file.channels as File, "constructor"));
});

Deno.test("without a name all accounts go, and other channels stay", () => {
  const file: File = {
    model: "m",
    channels: { telegram: { botToken: "x" }, discord: { accounts: { a: {}, b: {} } } },
  };
  assertThrows(() => dropAccount(file, "discord", "default"), MeshError);
  dropAccount(file, "discord");
  assertEquals(file, { model: "m", channels: { telegram: { botToken: "x" } } });
  dropAccount(file, "telegram", "default");
  assertEquals(file, { model: "m", channels: {} });
});
