/**
 * The record of what is installed: one per channel that a package brings.
 *
 * @module
 */
import { z } from "zod";
import { openFileStore } from "../../store/file_store.ts";
import { jsonCodec } from "../../store/json_codec.ts";
import type { Collection } from "../../store/store.ts";
import { INSTALLED, openclawFolder, packageFolder } from "./places.ts";

/** A plugin that is installed. */
export interface InstalledPlugin {
  /** The channel that it brings, such as `qqbot`. */
  readonly channel: string;
  /** The channel's name for people. */
  readonly label: string;
  /** The npm package. */
  readonly package: string;
  /** Its exact version. */
  readonly version: string;
  /** What npm checked its contents against, such as `sha512-…`. */
  readonly integrity: string;
  /** The OpenClaw that it uses. */
  readonly openclaw: {
    /** Its exact version. */
    readonly version: string;
    /** What npm checked its contents against. */
    readonly integrity: string;
    /** The versions of Node that it runs on, as a range of npm's. */
    readonly node: string;
  };
  /** Most UTF-16 units of a message. */
  readonly maxLength: number;
  /** Whether it can send media. */
  readonly media: boolean;
  /** Whether one logs in with a QR code. */
  readonly qrLogin: boolean;
  /** When it was installed, ISO 8601. */
  readonly installedAt: string;
}

const text = z.string().min(1).max(4096);
const version = z.string().regex(/^[\w.+-]{1,100}$/);
const installed = z.looseObject({
  channel: z.string().regex(/^[A-Za-z0-9](?:[\w.-]{0,62}[A-Za-z0-9])?$/),
  label: text,
  package: text,
  version,
  integrity: text,
  openclaw: z.looseObject({ version, integrity: text, node: text }),
  maxLength: z.int().min(2),
  media: z.boolean(),
  qrLogin: z.boolean(),
  installedAt: text,
});

/**
 * The records of a state directory, by channel.
 *
 * @param root The state directory.
 * @returns The collection.
 */
export function installedRecords(root: string): Collection<InstalledPlugin> {
  return openFileStore(root).collection(INSTALLED, jsonCodec<InstalledPlugin>(installed));
}

/** What tells where a plugin is. */
export type Placed = Pick<InstalledPlugin, "package" | "version" | "openclaw">;

/**
 * The folder that a plugin was installed in.
 *
 * @param root The state directory.
 * @param plugin The plugin.
 * @returns The folder with its `node_modules`.
 */
export function placeOf(root: string, plugin: Placed): string {
  const { package: name, version, openclaw } = plugin;
  return packageFolder(root, { package: name, version, openclaw: openclaw.version });
}

/**
 * Where the packages of a plugin are.
 *
 * @param root The state directory.
 * @param plugin The plugin.
 * @returns The folders of its own package and of OpenClaw's.
 */
export function packagesOf(
  root: string,
  plugin: Placed,
): { readonly folder: string; readonly openclaw: string } {
  return {
    folder: `${placeOf(root, plugin)}/node_modules/${plugin.package}`,
    openclaw: `${openclawFolder(root, plugin.openclaw.version)}/node_modules/openclaw`,
  };
}
