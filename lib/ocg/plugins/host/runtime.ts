/**
 * The runtime that a plugin finds itself in: what those that are known to work with it ask for, written by
 * hand, so that neither OpenClaw's agent nor its stores are loaded.
 *
 * @module
 */
import { fields, text, type Unknown } from "./any.ts";
import type { PluginConfig } from "./config.ts";
import { openKeyedStore, openSyncKeyedStore } from "./keyed_store.ts";
import { saveMedia } from "./media.ts";
import { dispatching, type Take } from "./reply_runtime.ts";

/** What a runtime is made of. */
export interface RuntimeParts {
  /** The configuration. */
  readonly config: PluginConfig;
  /** The account's folder. */
  readonly folder: string;
  /** The version of OpenClaw beside the plugin. */
  readonly version: string;
  /** Takes a message. */
  readonly take: Take;
  /** Takes a line for the log. */
  readonly log: (line: string) => void;
}

/**
 * Makes the runtime.
 *
 * @param parts What it is made of.
 * @returns The runtime, with `channel` in it, which accounts are given when they start.
 */
export function handRuntime(parts: RuntimeParts): { readonly channel: Unknown } & Unknown {
  const { config, folder, version, take } = parts;
  const { reply, inbound } = dispatching(take);
  return {
    version,
    config: {
      current: () => config,
      loadConfig: () => config,
      // The owner's file is the owner's.
      replaceConfigFile: () => Promise.resolve(),
      writeConfigFile: () => Promise.resolve(),
      mutateConfigFile: () => Promise.resolve(),
    },
    state: {
      resolveStateDir: () => folder,
      openSyncKeyedStore: (options: unknown) => openSyncKeyedStore(folder, options),
      openKeyedStore: (options: unknown) => openKeyedStore(folder, options),
    },
    logging: {
      shouldLogVerbose: () => false,
      getChildLogger: () => logger(parts.log),
    },
    channel: {
      inbound,
      reply: { ...reply, ...CONTEXT },
      routing: ROUTING,
      session: {
        resolveStorePath: () => `${folder}/sessions.json`,
        readSessionUpdatedAt: () => undefined,
        recordInboundSession: () => Promise.resolve(),
        recordSessionMetaFromInbound: () => Promise.resolve(),
        updateLastRoute: () => Promise.resolve(),
      },
      commands: COMMANDS,
      pairing: {
        readAllowFromStore: () => Promise.resolve(["*"]),
        upsertPairingRequest: () => Promise.resolve({ code: "", created: false }),
      },
      text: TEXT,
      activity: { record() {}, get: () => ({}) },
      media: { saveMediaBuffer: saveMedia(folder) },
      runtimeContexts: {
        register: () => ({ dispose() {} }),
        get: () => undefined,
        watch: () => () => {},
      },
    },
  };
}

/**
 * A logger as OpenClaw's are.
 *
 * @param log Takes a line.
 * @returns The logger; what is meant for debugging goes nowhere.
 */
export function logger(log: (line: string) => void): Unknown {
  const write = (...words: unknown[]) =>
    log(words.map((word) => typeof word === "string" ? word : JSON.stringify(word)).join(" "));
  return { info: write, warn: write, error: write, debug() {}, trace() {} };
}

const CONTEXT = {
  finalizeInboundContext: (ctx: unknown) => ctx,
  formatInboundEnvelope: (params: unknown) => fields(params).body ?? "",
  formatAgentEnvelope: (params: unknown) => fields(params).body ?? "",
  resolveEnvelopeFormatOptions: () => ({}),
  resolveEffectiveMessagesConfig: () => ({}),
  resolveHumanDelayConfig: () => undefined,
};

const ROUTING = {
  /** Each chat of each account is a session of its own. */
  resolveAgentRoute: (params: unknown) => {
    const { channel, accountId, peer } = fields(params);
    const { kind, id } = fields(peer);
    const sessionKey = ["agent", "main", channel, accountId, kind, id].map(String).join(":");
    return {
      agentId: "main",
      channel,
      accountId,
      sessionKey,
      mainSessionKey: "agent:main:main",
      lastRoutePolicy: "session",
      matchedBy: "default",
    };
  },
  buildAgentSessionKey: (params: unknown) => ROUTING.resolveAgentRoute(params).sessionKey,
};

/** Commands are texts like all others: the agent may make of them what it likes. */
const COMMANDS = {
  isControlCommandMessage: () => false,
  hasControlCommand: () => false,
  shouldHandleTextCommands: () => false,
  shouldComputeCommandAuthorized: () => false,
  resolveCommandAuthorizedFromAuthorizers: () => false,
};

/** The gateway has cut texts already. */
const TEXT = {
  chunkMarkdownText: (value: unknown) => whole(value),
  chunkMarkdownTextWithMode: (value: unknown) => whole(value),
  chunkText: (value: unknown) => whole(value),
  chunkTextWithMode: (value: unknown) => whole(value),
  chunkByNewline: (value: unknown) => whole(value),
  resolveTextChunkLimit: () => 4_000,
  resolveChunkMode: () => "length",
  resolveMarkdownTableMode: () => "off",
  convertMarkdownTables: (value: unknown) => value,
  hasControlCommand: () => false,
};

function whole(value: unknown): string[] {
  const found = text(value);
  return found === undefined ? [] : [found];
}
