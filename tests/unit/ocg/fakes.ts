/**
 * A chat platform and an agent that live in the test.
 *
 * @module
 */
import type { ChatAccount } from "../../../lib/ocg/accounts.ts";
import type {
  Channel,
  ChannelCapabilities,
  ChannelHandler,
  ChannelStatus,
  ChatMessage,
  Outgoing,
  SentMessage,
} from "../../../lib/ocg/channel.ts";
import type { OcgEvent } from "../../../lib/ocg/event.ts";
import { parseOcgConfig } from "../../../lib/ocg/config.ts";
import { type GatewayOptions, OcgGateway } from "../../../lib/ocg/gateway.ts";
import { type OcgState, openOcgState } from "../../../lib/ocg/state.ts";

/** A message as people see it. */
export interface Seen {
  id: string;
  text: string;
  mediaUrl?: string | undefined;
  replyTo?: string | undefined;
  edits: number;
}

/** Ids are unique over restarts, as on a platform. */
let ids = 0;

/** A channel without a platform. */
export class FakeChannel implements Channel {
  readonly id = "fake";
  status: ChannelStatus = { state: "stopped", since: new Date(0) };
  readonly chats = new Map<string, Seen[]>();
  readonly editTimes: number[] = [];
  typings = 0;
  handler: ChannelHandler | undefined;
  /** Throws to make the next operations fail. */
  failing: ((what: "send" | "edit", text: string) => void) | undefined;

  constructor(readonly account: string, readonly capabilities: ChannelCapabilities) {}

  start(handler: ChannelHandler): void {
    this.handler = handler;
    this.status = { state: "running", since: new Date() };
    handler.onStatus(this.status);
  }

  stop(): Promise<void> {
    this.status = { state: "stopped", since: new Date() };
    return Promise.resolve();
  }

  async send(chat: string, message: Outgoing, signal?: AbortSignal): Promise<SentMessage> {
    await Promise.resolve();
    signal?.throwIfAborted();
    this.failing?.("send", message.text ?? "");
    const id = `s${++ids}`;
    const { text = "", mediaUrl, replyTo } = message;
    this.chats.set(chat, [...this.in(chat), { id, text, mediaUrl, replyTo, edits: 0 }]);
    return { id };
  }

  async edit(chat: string, sent: SentMessage, text: string, signal?: AbortSignal): Promise<void> {
    await Promise.resolve();
    signal?.throwIfAborted();
    this.failing?.("edit", text);
    const seen = this.in(chat).find(({ id }) => id === sent.id);
    if (!seen) throw new Error(`no message ${sent.id}`);
    if (seen.text === text) throw new Error("message is not modified");
    seen.text = text;
    seen.edits++;
    this.editTimes.push(performance.now());
  }

  typing(): Promise<void> {
    this.typings++;
    return Promise.resolve();
  }

  /** What a chat shows. */
  in(chat: string): Seen[] {
    return this.chats.get(chat) ?? [];
  }

  /** The texts of a chat. */
  texts(chat: string): string[] {
    return this.in(chat).map(({ text }) => text);
  }

  /** Somebody writes. */
  async write(chat: string, id: string, text: string, more: Partial<ChatMessage> = {}) {
    await this.handler?.onMessage({
      channel: "fake",
      account: this.account,
      chat,
      id,
      kind: "direct",
      sender: { id: `u${chat}`, name: "Anna" },
      text,
      addressed: true,
      sentAt: new Date(),
      ...more,
    });
  }
}

/** An agent behind HTTP, whose answers a function makes. */
export function fakeAgent(
  answer: (body: Asked, request: Request) => Response | Promise<Response>,
): { url: string; asked: Asked[] } & AsyncDisposable {
  const asked: Asked[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const body = await request.json() as Asked;
    asked.push(body);
    return await answer(body, request);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1/chat/completions`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A question as the agent gets it. */
export interface Asked {
  model?: string;
  stream: boolean;
  user: string;
  messages: { role: string; content: string }[];
}

/** A streamed completion. */
export function streamed(pieces: readonly string[], waitMs = 0): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const content of pieces) {
        const event = { choices: [{ index: 0, delta: { content } }] };
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
      controller.enqueue(encoder.encode("data: [DONE]\n\n"));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** A channel that can change its messages. */
export const EDITING: ChannelCapabilities = {
  edit: true,
  typing: true,
  media: true,
  maxLength: 200,
  editEveryMs: 30,
};

/** A channel that cannot. */
export const WHOLE: ChannelCapabilities = { ...EDITING, edit: false, media: false };

/** A gateway with one fake channel. */
export interface Running extends AsyncDisposable {
  gateway: OcgGateway;
  channel: FakeChannel;
  state: OcgState;
  events: OcgEvent[];
}

/** Starts a gateway; everybody may talk unless the configuration says otherwise. */
export async function runGateway(
  root: string,
  config: Record<string, unknown>,
  capabilities = EDITING,
  more: Partial<GatewayOptions> = {},
  through: (state: OcgState) => OcgState = (state) => state,
): Promise<Running> {
  const state = openOcgState(root);
  const channels: FakeChannel[] = [];
  const events: OcgEvent[] = [];
  const parsed = parseOcgConfig(JSON.stringify({
    allowFrom: ["*"],
    channels: { fake: {} },
    dailyMessages: 0,
    ...config,
  }));
  const gateway = new OcgGateway({
    state: through(state),
    config: parsed.config,
    env: () => undefined,
    factories: {
      fake: ({ account }: ChatAccount) => {
        const channel = new FakeChannel(account, capabilities);
        channels.push(channel);
        return channel;
      },
    },
    onEvent: (event) => events.push(event),
    ...more,
  });
  await gateway.start();
  const channel = channels[0] ?? new FakeChannel("none", capabilities);
  return {
    gateway,
    channel,
    state,
    events,
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      state[Symbol.dispose]();
    },
  };
}

/** Waits until something holds. */
export async function until(what: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!await what()) {
    if (performance.now() > end) throw new Error(`In vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
