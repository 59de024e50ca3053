import { assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { readOgpConfig } from "../../../../lib/ogp/import/config.ts";

Deno.test("the keys of the README are taken, its state directory is not needed", () => {
  const config = {
    daemonPort: 18790,
    openclawUrl: "http://localhost:18789",
    openclawToken: "your-openclaw-api-token",
    gatewayUrl: "https://your-public-url.com/",
    displayName: "Your Name",
    email: "you@example.com",
    stateDir: "~/.ogp",
  };
  const { values, later, secrets, findings } = readOgpConfig(JSON.stringify(config));
  const { stateDir: _, ...rest } = config;
  assertEquals(values, { ...rest, gatewayUrl: "https://your-public-url.com" });
  assertEquals(later, {});
  assertEquals(secrets, { openclawToken: config.openclawToken });
  assertEquals(findings.map(({ item, fate }) => [item, fate]), [["stateDir", "ignored"]]);
});

Deno.test("what there is no use for yet is kept as it was", () => {
  const agentComms = { globalPolicy: { general: { level: "full" } }, defaultLevel: "summary" };
  const config = { displayName: "A", platform: "hermes", agentComms, hermesWebhookSecret: "s" };
  const { values, later, secrets } = readOgpConfig(JSON.stringify(config));
  assertEquals(values, { displayName: "A" });
  assertEquals(later, { platform: "hermes", agentComms, hermesWebhookSecret: "s" });
  assertEquals(secrets, { hermesWebhookSecret: "s" });
});

Deno.test("a value that cannot be used is refused alone, and empty ones count as none", () => {
  const config = { daemonPort: 0, gatewayUrl: "file:///etc", email: "", displayName: "A\u0001B" };
  const { values, findings } = readOgpConfig(JSON.stringify({ ...config, openclawToken: null }));
  assertEquals(values, {});
  assertEquals(findings.map(({ item, fate }) => [item, fate]), [
    ["daemonPort", "refused"],
    ["gatewayUrl", "refused"],
    ["displayName", "refused"],
  ]);
  assertEquals(readOgpConfig('\ufeff{"daemonPort":"18800"}').values, { daemonPort: 18800 });
});

Deno.test("a damaged configuration is said to be damaged, without a word of it", () => {
  for (const text of ["", "{", '{"openclawToken":"secret"', "[]", "null", '"secret"']) {
    const { message } = assertThrows(() => readOgpConfig(text), MeshError, "damaged");
    assertEquals(message.includes("secret"), false);
  }
});
