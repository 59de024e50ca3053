/**
 * The `ogp` section of `config.json`, with the keys that OGP's own `config.json` has.
 *
 * @module
 */
import { z } from "zod";
import { ConfigSection } from "../config/config_file.ts";
import { parsePeerUrl } from "../net/post.ts";
import type { FileStore } from "../store/file_store.ts";

/** How much may go back and forth with one peer, or in one conversation, in a day and direction. */
export interface LoopLimitConfig {
  /** Messages a day with one peer. */
  readonly peerMessages: number;
  /** Bytes a day with one peer. */
  readonly peerBytes: number;
  /** Messages a day in one conversation. */
  readonly conversationMessages: number;
  /** Bytes a day in one conversation. */
  readonly conversationBytes: number;
}

/** What the owner configured for OGP. */
export interface OgpConfig {
  /** The port of the OGP surface. */
  readonly daemonPort: number;
  /** The address that it binds. */
  readonly host: string;
  /** Where peers reach this gateway; without it they cannot answer. */
  readonly gatewayUrl?: string | undefined;
  /** How this gateway calls itself. */
  readonly displayName?: string | undefined;
  /** The owner's address, shown to everybody who asks for the card. */
  readonly email?: string | undefined;
  /** The owner's name, as OGP 0.7 shows it. */
  readonly humanName?: string | undefined;
  /** The agent's name, as OGP 0.7 shows it. */
  readonly agentName?: string | undefined;
  /** The owner's organization, as OGP 0.7 shows it. */
  readonly organization?: string | undefined;
  /** Where OpenClaw listens. */
  readonly openclawUrl?: string | undefined;
  /** OpenClaw's API token; never shown. */
  readonly openclawToken?: string | undefined;
  /** Serve OGP on the mesh port, too, so that one port is enough. */
  readonly onMeshPort: boolean;
  /** Minutes between looks at each approved peer; 0 for none. */
  readonly heartbeatMinutes: number;
  /** The loop guard's limits. */
  readonly loopLimits: LoopLimitConfig;
}

const url = z.string().max(2000).refine(isPeerUrl, "not an http(s) URL that peers could use");
const name = z.string().min(1).max(200);
const count = z.int().min(1).max(1e12);

const shape = z.strictObject({
  daemonPort: z.int().min(0).max(65_535).default(18_790),
  host: z.string().min(1).max(255).default("0.0.0.0"),
  gatewayUrl: url.optional(),
  displayName: name.optional(),
  email: z.string().max(320).optional(),
  humanName: name.optional(),
  agentName: name.optional(),
  organization: name.optional(),
  openclawUrl: url.optional(),
  openclawToken: z.string().max(4096).optional(),
  onMeshPort: z.boolean().default(false),
  heartbeatMinutes: z.number().min(0).max(7 * 24 * 60).default(10),
  loopLimits: z.strictObject({
    peerMessages: count.default(5000),
    peerBytes: count.default(50_000_000),
    conversationMessages: count.default(200),
    conversationBytes: count.default(5_000_000),
  }).prefault({}),
});

/** The keys that the section may have. */
export const OGP_CONFIG_KEYS: readonly string[] = Object.keys(shape.shape);

/**
 * The section of a root.
 *
 * @param store The root's store.
 * @returns Reads and changes it.
 */
export function ogpConfig(store: FileStore): ConfigSection<OgpConfig> {
  return new ConfigSection<OgpConfig>(store, "ogp", shape);
}

function isPeerUrl(text: string): boolean {
  try {
    parsePeerUrl(text);
    return true;
  } catch {
    return false;
  }
}
