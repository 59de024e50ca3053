/**
 * What the owner can say about handing messages on: the `notify` section of `config.json`, with its
 * defaults filled in.
 *
 * @module
 */

/** OpenClaw's gateway. */
export interface OpenClawConfig {
  /** Which target this is. */
  readonly type: "openclaw";
  /** The gateway's base URL. */
  readonly url: string;
  /** `hooks.token` of its configuration, which is not the gateway's token. Not needed with `a2a`. */
  readonly hooksToken?: string | undefined;
  /** Where its hooks are. */
  readonly hooksPath: string;
  /** The agent that gets messages. */
  readonly agentId?: string | undefined;
  /** The session that gets them; OpenClaw has to allow this (`hooks.allowRequestSessionKey`). */
  readonly sessionKey?: string | undefined;
  /** Whether the agent's answer is shown to the owner in a chat. */
  readonly deliver?: boolean | undefined;
  /** In which channel. */
  readonly channel?: string | undefined;
  /** To whom there. */
  readonly to?: string | undefined;
  /** Its A2A channel, which returns the agent's answer. */
  readonly a2a?: OpenClawA2aConfig | undefined;
  /** Milliseconds that an answer may take. */
  readonly timeoutMs: number;
}

/** OpenClaw's A2A channel. */
export interface OpenClawA2aConfig {
  /** The token of `channels.a2a.peers.<name>`. */
  readonly token: string;
  /** That name, for the owner's memory. */
  readonly peer?: string | undefined;
}

/** A route of Hermes' webhooks. */
export interface HermesConfig {
  /** Which target this is. */
  readonly type: "hermes";
  /** The route's URL, `http://127.0.0.1:8644/webhooks/<route>`. */
  readonly url: string;
  /** The route's secret. */
  readonly secret: string;
  /** Milliseconds that taking a message may take. */
  readonly timeoutMs: number;
}

/** Any URL, with the headers of Standard Webhooks. */
export interface WebhookConfig {
  /** Which target this is. */
  readonly type: "webhook";
  /** The URL. */
  readonly url: string;
  /** `whsec_` and base64; with several, a message is signed with each. */
  readonly secrets: readonly string[];
  /** Whether what it answers is the reply to the peer. */
  readonly replies: boolean;
  /** Milliseconds that it may take. */
  readonly timeoutMs: number;
}

/** An agent that speaks OpenAI's chat completions. */
export interface AgentConfig {
  /** Which target this is. */
  readonly type: "agent";
  /** Its base URL, its `/v1`, or the full path. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly apiKey?: string | undefined;
  /** The model. */
  readonly model?: string | undefined;
  /** Said before each message, in the role of the system. */
  readonly system?: string | undefined;
  /** Whether it is asked to stream. */
  readonly stream: boolean;
  /** Milliseconds that an answer may take. */
  readonly timeoutMs: number;
  /** Milliseconds of silence within a stream. */
  readonly idleTimeoutMs: number;
  /** A header that gets the session's name, beside the field `user`. */
  readonly sessionHeader?: string | undefined;
}

/** A program. */
export interface CommandConfig {
  /** Which target this is. */
  readonly type: "command";
  /** The program, a name on the path or an absolute path, and its arguments. */
  readonly argv: readonly string[];
  /** Milliseconds that it may run. */
  readonly timeoutMs: number;
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Nothing: messages are stored and stay there. */
export interface NoneConfig {
  /** Which target this is. */
  readonly type: "none";
}

/** Any target. */
export type TargetConfig =
  | OpenClawConfig
  | HermesConfig
  | WebhookConfig
  | AgentConfig
  | CommandConfig
  | NoneConfig;

/** Which messages go to which target. What is left out matches everything. */
export interface Route {
  /** The peer: its key, its id or its alias. */
  readonly peer?: string | undefined;
  /** The topic; `t` stands for `t` and everything below `t/`. */
  readonly topic?: string | undefined;
  /** The intent. */
  readonly intent?: string | undefined;
  /** The target's name. */
  readonly target: string;
}

/** The section. */
export interface NotifyConfig {
  /** The target of what no route matches; messages are only stored without it. */
  readonly default?: string | undefined;
  /** Targets by name. */
  readonly targets: Readonly<Record<string, TargetConfig>>;
  /** The first that matches wins. */
  readonly routes: readonly Route[];
}
