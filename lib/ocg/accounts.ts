/**
 * What holds for each account of each channel, once the file, the environment and the defaults are laid
 * over each other: the account's own keys, its channel's, the environment, the top of the file.
 *
 * @module
 */
import type { Environment } from "./config_file.ts";
import type { AcpConfig, ChatSettings, OcgConfig } from "./config_types.ts";

/** The agent that an account's chats talk to. */
export interface AgentChoice {
  /** `openai` is a URL, `ogp` a federated peer, `acp` a program. */
  readonly type: "openai" | "ogp" | "acp";
  /** The URL as configured; for a program, its command. */
  readonly url: string;
  /** The model. */
  readonly model?: string | undefined;
  /** The bearer token. */
  readonly apiKey?: string | undefined;
  /** The program. */
  readonly acp?: AcpConfig | undefined;
}

/** One account with all that holds for it. */
export interface ChatAccount {
  /** The channel's id. */
  readonly channel: string;
  /** The account's name. */
  readonly account: string;
  /** Whether it is started with the others. */
  readonly enabled: boolean;
  /** The agent. */
  readonly agent: AgentChoice;
  /** Whether answers come later, by callback. */
  readonly async: boolean;
  /** Earlier turns that the agent is told. */
  readonly historyTurns: number;
  /** Most messages of a chat in a day; 0 for no limit. */
  readonly dailyMessages: number;
  /** Who may talk; `*` for everybody. */
  readonly allowFrom: readonly string[];
  /** Groups in which everybody may talk. */
  readonly allowChats: readonly string[];
  /** Whether strangers get a code. */
  readonly pairing: boolean;
  /** What the channel itself needs, such as `botToken`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Where an agent is looked for if nobody said anything: Ollama's port. */
export const DEFAULT_AGENT_URL = "http://127.0.0.1:11434/v1/chat/completions";

/** Keys that a channel need not see. */
const OURS: ReadonlySet<string> = new Set(
  [
    ...["accounts", "enabled", "agentUrl", "model", "apiKey", "agentType", "acp", "async"],
    ...["historyTurns", "dailyMessages", "allowFrom", "allowChats", "pairing"],
  ],
);

/**
 * Lays everything over each other.
 *
 * @param config The file.
 * @param env The environment: `OCG_AGENT_URL`, `OCG_MODEL`, `OCG_API_KEY`.
 * @returns The accounts of all channels, in the file's order, those that are not enabled included.
 *
 * @example
 * ```ts
 * import { chatAccounts } from "./accounts.ts";
 * import { parseOcgConfig } from "./config.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { config } = parseOcgConfig('{"agentUrl": "http://a/", "channels": {"telegram": {}}}');
 * const [telegram] = chatAccounts(config, (name) => name === "OCG_AGENT_URL" ? "http://b/" : undefined);
 * assertEquals(telegram?.agent.url, "http://b/");
 * ```
 */
export function chatAccounts(config: OcgConfig, env: Environment): ChatAccount[] {
  const surroundings: ChatSettings = {
    agentUrl: env("OCG_AGENT_URL") || undefined,
    model: env("OCG_MODEL") || undefined,
    apiKey: env("OCG_API_KEY") || undefined,
  };
  return Object.entries(config.channels).flatMap(([channel, { accounts, ...common }]) => {
    // A channel with accounts may still have a flat one beside them, which then has a token of its own:
    // as nobody can tell, the accounts are all there is.
    const named = Object.entries(accounts ?? { default: {} });
    return named.map(([account, own]): ChatAccount => {
      const layers = [own, common, surroundings, config] as const;
      const pick = <K extends keyof ChatSettings>(key: K): ChatSettings[K] =>
        layers.find((layer) => layer[key] !== undefined)?.[key];
      const settings = { ...common, ...own };
      return {
        channel,
        account,
        enabled: (common.enabled ?? true) && (own.enabled ?? true),
        agent: agentOf(pick, layers),
        async: pick("async") ?? false,
        historyTurns: pick("historyTurns") ?? 0,
        dailyMessages: pick("dailyMessages") ?? 0,
        allowFrom: pick("allowFrom") ?? [],
        allowChats: pick("allowChats") ?? [],
        pairing: pick("pairing") ?? true,
        settings: Object.fromEntries(Object.entries(settings).filter(([key]) => !OURS.has(key))),
      };
    });
  });
}

function agentOf(
  pick: <K extends keyof ChatSettings>(key: K) => ChatSettings[K],
  layers: readonly ChatSettings[],
): AgentChoice {
  const acp = pick("acp");
  // A channel that names a URL wants that URL, even where a program is the rule.
  const decisive = layers.find((layer) => layer.agentType !== undefined || layer.agentUrl);
  if (acp && decisive?.agentType === "acp") return { type: "acp", url: acp.command, acp };
  const url = pick("agentUrl") ?? DEFAULT_AGENT_URL;
  const type = url.startsWith("ogp:") ? "ogp" : "openai";
  return { type, url, model: pick("model") || undefined, apiKey: pick("apiKey") || undefined };
}

/**
 * Whether the log tells what is said.
 *
 * @param config The file.
 * @param env The environment: `OCG_VERBOSE` is `1` for yes, `0` for no.
 * @returns The environment's word, else the file's.
 */
export function isVerbose(config: OcgConfig, env: Environment): boolean {
  const said = env("OCG_VERBOSE");
  return said ? said === "1" || said === "true" : config.verbose;
}

/**
 * The name of a conversation: what agents get as `user`.
 *
 * @param address Where it takes place.
 * @param address.channel The channel's id.
 * @param address.account The account's name.
 * @param address.chat The platform's id of the chat.
 * @returns `<channel>:<account>:<chat>`.
 */
export function sessionKey(
  { channel, account, chat }: { channel: string; account: string; chat: string },
): string {
  return `${channel}:${account}:${chat}`;
}
