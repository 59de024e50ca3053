/** Declares `mesh ocg plugins install|list|remove`. @module */
import { buildRouteMap } from "@stricli/core";
import { defineCommand, type MeshContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";

/** Flags of `mesh ocg plugins remove`. */
export interface RemoveFlags extends CommonFlags {
  readonly purge: boolean;
}

const install = defineCommand<CommonFlags, [spec: string]>({
  brief: "Install a channel plugin of OpenClaw",
  description:
    "Takes an npm package with a chat channel, and keeps to the exact version: installing it again is how\n" +
    "it is upgraded. OpenClaw itself (about 650 MB, once for all plugins), which plugins use, is installed\n" +
    "beside them, and Node as well if the machine has none that they run on. npm has to be on the PATH; no\n" +
    "install scripts are run. A plugin is in place only if it has been loaded.\n\n" +
    "A plugin is somebody else's program: it runs as you, in a process of its own.",
  examples: [
    ["mesh ocg plugins install @tencent-weixin/openclaw-weixin", "WeChat; then channels login"],
    ["mesh ocg plugins install @openclaw/qqbot", "QQ; then channels add"],
    ["mesh ocg plugins install @openclaw/qqbot@2026.7.35", "this version"],
  ],
  positional: {
    kind: "tuple",
    parameters: [{ brief: "The npm package", parse: String, placeholder: "package" }],
  },
  action: () => import("./install_action.ts"),
});

const list = defineCommand<CommonFlags>({
  brief: "List the plugins that are installed",
  examples: [["mesh ocg plugins list", "their channels and versions"]],
  action: () => import("./list_action.ts"),
});

const remove = defineCommand<RemoveFlags, [name: string]>({
  brief: "Remove a plugin",
  description:
    "What its accounts keep, such as logins, stays for when it is installed again, unless --purge is given.\n" +
    "Its settings in ocg.json stay as well: mesh ocg channels remove",
  examples: [
    ["mesh ocg plugins remove @openclaw/qqbot", "by its package"],
    ["mesh ocg plugins remove openclaw-weixin --purge", "by its channel, with the logins"],
  ],
  flags: {
    purge: {
      kind: "boolean",
      brief: "Remove what its accounts keep, too",
      default: false,
      withNegated: false,
    },
  },
  positional: {
    kind: "tuple",
    parameters: [{ brief: "The package or its channel", parse: String, placeholder: "name" }],
  },
  action: () => import("./remove_action.ts"),
});

/** `mesh ocg plugins`. */
export const plugins = buildRouteMap<"install" | "list" | "remove", MeshContext>({
  routes: { install, list, remove },
  docs: { brief: "Channel plugins of OpenClaw" },
});
