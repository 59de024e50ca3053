import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { pluginLogin, type PluginLoginOptions } from "../../../../lib/ocg/plugins/registry.ts";
import { denoRuntime } from "../../../../lib/ocg/plugins/runtime.ts";
import { installFake } from "./fakes.ts";

/** What was shown. */
class Shown {
  readonly codes: string[] = [];
  readonly said: string[] = [];

  get options(): PluginLoginOptions {
    return {
      onQr: (code) => this.codes.push(code),
      onStatus: (text) => this.said.push(text),
      env: () => undefined,
      runtime: denoRuntime(),
    };
  }
}

Deno.test("a login shows its code and what the plugin says, and is remembered", async () => {
  const root = await Deno.makeTempDir();
  await installFake(root, "registering.js");
  const shown = new Shown();
  assertEquals(await pluginLogin(root, "fake", { ...shown.options, account: "ops" }), {
    text: "Welcome",
  });
  assertEquals(shown.codes, ["https://fake.example/qr"]);
  assertEquals(shown.said.toSorted(), ["Printed where the code is", "Scan it"]);
  const login = `${root}/ocg/plugins/state/fake/ops/mesh-login.json`;
  assertEquals(JSON.parse(await Deno.readTextFile(login)), { account: "default" });
  await Deno.remove(root, { recursive: true });
});

Deno.test("without such a plugin, such a login, or patience, there is none", async () => {
  const root = await Deno.makeTempDir();
  const { options } = new Shown();
  const failed = async (channel: string, more: Partial<PluginLoginOptions> = {}) => {
    const login = () => pluginLogin(root, channel, { ...options, ...more });
    return (await assertRejects(login, MeshError)).code;
  };
  assertEquals(await failed("fake"), "not_found");
  await installFake(root, "handing_out.js");
  assertEquals(await failed("fake"), "config_invalid");
  await installFake(root, "registering.js");
  assertEquals(await failed("fake", { signal: AbortSignal.timeout(50) }), "interrupted");
  await Deno.remove(root, { recursive: true });
});
