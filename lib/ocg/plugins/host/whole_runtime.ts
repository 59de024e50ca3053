/**
 * OpenClaw's own runtime, for plugins of which nobody knows what they ask for, with the dispatching taken
 * out of it. It is no part of what the package exports, so it is looked for by its name.
 *
 * @module
 */
import { fields, method, type Unknown } from "./any.ts";
import { findInternals, type Internal } from "./internals.ts";
import type { handRuntime } from "./runtime.ts";

/** What is always ours: who is asked for replies, where sessions are, and the owner's file. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  reply: [
    ...["dispatchReplyFromConfig", "dispatchReplyWithBufferedBlockDispatcher"],
    ...["dispatchReplyWithDispatcher", "createReplyDispatcherWithTyping", "withReplyDispatcher"],
  ],
  inbound: ["run", "dispatch", "dispatchReply", "runPreparedReply"],
  routing: ["resolveAgentRoute", "buildAgentSessionKey"],
  session: ["recordInboundSession", "recordSessionMetaFromInbound", "updateLastRoute"],
  commands: [],
  pairing: ["readAllowFromStore", "upsertPairingRequest"],
};

const RUNTIME = ["createPluginRuntime", "createEmptyPluginRegistry", "setActivePluginRegistry"]
  .concat("setRuntimeConfigSnapshot");

const STATE = [
  ...["createPluginStateKeyedStore", "createPluginStateSyncKeyedStore", "createPluginBlobStore"],
  ...["createChannelIngressQueue", "createChannelIngressDrain"],
];

/** OpenClaw's runtime. */
export interface WholeRuntime {
  /** The runtime, ours over OpenClaw's. */
  readonly runtime: Unknown;
  /**
   * Makes a plugin's channel known to OpenClaw, which plugins send through.
   *
   * @param channel The channel.
   */
  adopt(channel: Unknown): void;
}

/**
 * Makes the runtime.
 *
 * @param openclaw The folder of OpenClaw's package.
 * @param id The channel's id, which the plugin's stores are named after.
 * @param hand Our runtime by hand.
 * @returns The runtime, or `undefined` if this OpenClaw has none that can be found.
 */
export async function wholeRuntime(
  openclaw: string,
  id: string,
  hand: ReturnType<typeof handRuntime>,
): Promise<WholeRuntime | undefined> {
  const found = await findInternals(openclaw, [...RUNTIME, ...STATE]);
  const { createPluginRuntime, createEmptyPluginRegistry, setActivePluginRegistry } = found;
  if (!createPluginRuntime) return undefined;
  // OpenClaw reads its file of settings where it was given none, and there is no such file.
  found.setRuntimeConfigSnapshot?.(method(hand.config, "current")?.());
  const registry = fields(createEmptyPluginRegistry?.());
  setActivePluginRegistry?.(registry);
  const { channel } = hand;
  const dispatch = fields(channel.reply).dispatchReplyFromConfig;
  const real = fields(createPluginRuntime({ dispatchReplyFromConfig: dispatch }));
  const sections = Object.entries(OURS).map(([section, names]) => {
    const ours = fields(channel[section]);
    const picked = Object.fromEntries(names.map((name) => [name, ours[name]]));
    return [section, over(fields(fields(real.channel)[section]), picked, ours)] as const;
  });
  const channelOver = over(fields(real.channel), Object.fromEntries(sections), channel);
  const state = stores(id, found, fields(real.state), fields(hand.state));
  return {
    runtime: over(real, { channel: channelOver, config: hand.config, state }, hand),
    adopt(adopted) {
      const { channels } = registry;
      const { id } = adopted;
      if (Array.isArray(channels)) channels.push({ plugin: adopted, pluginId: id, source: "mesh" });
      setActivePluginRegistry?.(registry);
    },
  };
}

/** OpenClaw's own stores: a database in the account's folder. Its runtime has none before it is given some. */
function stores(
  id: string,
  found: Readonly<Record<string, Internal>>,
  { resolveStateDir }: Unknown,
  ours: Unknown,
): Unknown {
  const stateDir = () => typeof resolveStateDir === "function" ? resolveStateDir() : undefined;
  const queue = (options: unknown) => ({ stateDir: stateDir(), ...fields(options), channelId: id });
  const opened: Record<string, (options: unknown) => unknown> = {
    openKeyedStore: (options) =>
      found.createPluginStateKeyedStore?.(id, options) ?? method(ours, "openKeyedStore")?.(options),
    openSyncKeyedStore: (options) =>
      found.createPluginStateSyncKeyedStore?.(id, options) ??
        method(ours, "openSyncKeyedStore")?.(options),
    openBlobStore: (options) => found.createPluginBlobStore?.(id, options),
    openChannelIngressQueue: (options) => found.createChannelIngressQueue?.(queue(options)),
    openChannelIngressDrain: (options) => {
      const opened = fields(options).queue ?? found.createChannelIngressQueue?.(queue(options));
      return found.createChannelIngressDrain?.({ ...fields(options), queue: opened });
    },
  };
  return { ...ours, resolveStateDir, ...opened };
}

/** An object whose members are taken from the first that has them. */
function over(real: Unknown, first: Unknown, last: Unknown): Unknown {
  return new Proxy(real, {
    get(target, key) {
      for (const from of [first, target, last]) {
        const found = Reflect.get(from, key);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    has: (target, key) => [first, target, last].some((from) => key in from),
  });
}
