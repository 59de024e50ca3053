/**
 * What a package says of itself in the registry: whether it is a plugin with a channel, and for which
 * versions of OpenClaw.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import type { PackageFacts } from "./npm.ts";
import { isVersion, satisfies } from "./versions.ts";

/** The OpenClaw that the hosts of this program are made for. */
export const OPENCLAW_VERSION = "2026.9.6";

/** A package that brings a channel. */
export interface ChannelPackage {
  /** The npm package. */
  readonly package: string;
  /** Its exact version. */
  readonly version: string;
  /** What its contents have to be, such as `sha512-…`. */
  readonly integrity: string;
  /** The channel that it brings. */
  readonly channel: string;
  /** The channel's name for people. */
  readonly label: string;
  /** The versions of Node that it runs on, as a range of npm's. */
  readonly node: string;
}

/** A name as npm allows it, with or without a scope; then `@` and one version or tag. */
const SPEC = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([\w.+-]{1,100}))?$/;
const CHANNEL = /^[A-Za-z0-9](?:[\w.-]{0,62}[A-Za-z0-9])?$/;

/**
 * Reads what was asked for.
 *
 * @param spec Such as `@openclaw/qqbot@2026.7.35`.
 * @returns The name, and the version or tag if one is named.
 * @throws {MeshError} `usage` for anything but a package of the registry.
 *
 * @example
 * ```ts
 * import { parseSpec } from "./package_facts.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSpec("@openclaw/qqbot@2026.7.35"), {
 *   name: "@openclaw/qqbot",
 *   version: "2026.7.35",
 * });
 * ```
 */
export function parseSpec(spec: string): { name: string; version?: string } {
  const [, name, version] = SPEC.exec(spec) ?? [];
  if (name === undefined || name.length > 214) {
    throw new MeshError("usage", `"${spec}" is not the name of a package`, {
      hint: "such as mesh ocg plugins install @tencent-weixin/openclaw-weixin",
    });
  }
  return { name, ...(version === undefined ? {} : { version }) };
}

/**
 * Judges a package.
 *
 * @param facts What the registry says.
 * @returns What it brings.
 * @throws {MeshError} `refused` if it brings no channel, or needs another OpenClaw.
 */
export function channelPackage(facts: PackageFacts): ChannelPackage {
  const { name, version, "dist.integrity": integrity } = facts;
  const isPackage = typeof name === "string" && typeof version === "string" && isVersion(version);
  if (!isPackage || typeof integrity !== "string") {
    throw new MeshError("refused", `The registry does not say what "${String(name)}" consists of`);
  }
  const openclaw = members(facts.openclaw);
  const { id, label, selectionLabel } = members(openclaw.channel);
  if (typeof id !== "string" || !CHANNEL.test(id)) {
    throw new MeshError("refused", `Package "${name}@${version}" brings no chat channel`, {
      hint: 'channels are in packages that have "openclaw.channel" in their package.json',
    });
  }
  const install = members(openclaw.install);
  const needs = [install.minHostVersion, members(facts.peerDependencies).openclaw];
  for (const range of needs) {
    if (typeof range !== "string" || satisfies(OPENCLAW_VERSION, atLeast(range))) continue;
    const text =
      `Package "${name}@${version}" needs OpenClaw ${range}, which is not what this version ` +
      `of mesh works with (${OPENCLAW_VERSION})`;
    throw new MeshError("refused", text, {
      hint: `upgrade mesh, or install an older version: mesh ocg plugins install ${name}@<version>`,
    });
  }
  const { node } = members(facts.engines);
  const shown = [label, selectionLabel].find((one) => typeof one === "string" && one !== "");
  return {
    node: typeof node === "string" ? node : "*",
    package: name,
    version,
    integrity,
    channel: id,
    label: String(shown ?? id).slice(0, 100),
  };
}

/** A bare version is the lowest that will do. */
function atLeast(range: string): string {
  return isVersion(range) ? `>=${range}` : range;
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
