/**
 * What the owner can say in `ocg.json`: the keys of the OpenClaw Channel Gateway, and some of our own.
 *
 * @module
 */

/** A program that speaks the Agent Client Protocol on its standard input and output. */
export interface AcpConfig {
  /** The program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** The folder that it works in. */
  readonly cwd?: string | undefined;
  /** Further variables of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds that an answer may take. */
  readonly timeoutMs: number;
}

/** What can be said for all channels, for one, or for one account of one; the narrowest wins. */
export interface ChatSettings {
  /** Where the agent is: a URL of chat completions, or `ogp:<peer>/<topic>`. */
  readonly agentUrl?: string | undefined;
  /** The model that is asked for. */
  readonly model?: string | undefined;
  /** Sent to the agent as a bearer token; empty for none. */
  readonly apiKey?: string | undefined;
  /** How the agent is talked to. */
  readonly agentType?: "openai" | "acp" | undefined;
  /** The agent's program, with `agentType: "acp"`. */
  readonly acp?: AcpConfig | undefined;
  /** Whether answers come later, by callback. */
  readonly async?: boolean | undefined;
  /** How many earlier questions with their answers the agent is told. */
  readonly historyTurns?: number | undefined;
  /** Most messages of a chat in a day (UTC); 0 for no limit. */
  readonly dailyMessages?: number | undefined;
  /** Who may talk: ids of people on the platform, `*` for everybody. */
  readonly allowFrom?: readonly string[] | undefined;
  /** Groups in which everybody may talk, by id. */
  readonly allowChats?: readonly string[] | undefined;
  /** Whether strangers who write directly get a code that the owner can approve. */
  readonly pairing?: boolean | undefined;
}

/** One account on a platform; beside these keys it has those that its channel needs. */
export interface AccountConfig extends ChatSettings {
  /** Whether it is started with the others. Default yes. */
  readonly enabled?: boolean | undefined;
  /** What the channel needs, such as `botToken`. */
  readonly [setting: string]: unknown;
}

/** A channel: one account, whose keys are right here, or several by name. */
export interface ChannelConfig extends AccountConfig {
  /** The accounts by name; what they do not say is taken from the channel. */
  readonly accounts?: Readonly<Record<string, AccountConfig>> | undefined;
}

/** The file, with its defaults filled in. */
export interface OcgConfig extends ChatSettings {
  /** How the agent is talked to. */
  readonly agentType: "openai" | "acp";
  /** Whether answers come later, by callback. */
  readonly async: boolean;
  /** How many earlier questions with their answers the agent is told. */
  readonly historyTurns: number;
  /** Most messages of a chat in a day (UTC); 0 for no limit. */
  readonly dailyMessages: number;
  /** Whether strangers who write directly get a code that the owner can approve. */
  readonly pairing: boolean;
  /** Whether the log tells what is said. */
  readonly verbose: boolean;
  /** The port for callbacks. */
  readonly callbackPort: number;
  /** The address that it binds; without it, what is needed: see `callbackHostOf`. */
  readonly callbackHost?: string | undefined;
  /** Where agents on other machines reach it; without it, host and port. */
  readonly callbackUrl?: string | undefined;
  /** What callbacks are signed with. */
  readonly callbackSecret?: string | undefined;
  /** Seconds that an answer by callback may take. */
  readonly callbackTokenTTL: number;
  /** What `POST /ocg/send` is signed with, if not with `callbackSecret`. */
  readonly sendSecret?: string | undefined;
  /** Most conversations in which the agent is asked at a time. */
  readonly concurrency: number;
  /** Milliseconds that an answer may take. */
  readonly timeoutMs: number;
  /** Milliseconds of silence within a streamed answer. */
  readonly idleTimeoutMs: number;
  /** The channels by id. */
  readonly channels: Readonly<Record<string, ChannelConfig>>;
}
