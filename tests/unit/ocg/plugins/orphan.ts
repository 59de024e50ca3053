/**
 * A gateway that is to be killed: starts the plugin of a state directory, says which process that is, and
 * goes on until it dies. Its arguments: the state directory, and how the plugin behaves.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a program's output is its result

import { installedPlugins } from "../../../../lib/ocg/plugins/registry.ts";
import { openHost } from "../../../../lib/ocg/plugins/plugin_host.ts";
import { denoRuntime } from "../../../../lib/ocg/plugins/runtime.ts";

const [root = "", how = ""] = Deno.args;
const [plugin] = await installedPlugins(root);
if (!plugin) throw new Error("There is no plugin");
const { host } = await openHost({
  ...{ root, plugin, account: "default", env: () => undefined, runtime: denoRuntime() },
  settings: { how, platform: "http://127.0.0.1:1" },
  onNews(news) {
    // What hangs does so a moment later.
    if (news.say === "status" && news.state === "running") {
      setTimeout(() => console.log(host.pid), 200);
    }
  },
  onLog() {},
});
await host.order({ do: "start" }, 60_000);
setInterval(() => {}, 1_000);
