/**
 * The platform behind the plugin for Weixin, as far as that plugin is content with: updates by long polling,
 * and messages.
 *
 * @module
 */

/** What was sent to somebody. */
export interface WeixinSent {
  /** Whom to. */
  readonly to: string;
  /** The text. */
  readonly text: string;
  /** The token of the conversation, which comes with each message of a person. */
  readonly contextToken: string | undefined;
}

/** The platform. Dispose of it: it ends. */
export class WeixinServer implements AsyncDisposable {
  /** All that was sent. */
  readonly sent: WeixinSent[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #answers = new Set<Promise<Response>>();
  readonly #unread: unknown[] = [];
  /** How the scan of a code goes, seen from its first look. */
  readonly #scan: Record<string, unknown>[] = [{ status: "wait" }, { status: "scaned" }, {
    ...{ status: "confirmed", bot_token: "a-token", ilink_bot_id: "0123@im.bot" },
    ilink_user_id: "alice@im.wechat",
  }];
  #count = 0;
  #over = false;

  constructor() {
    const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
    this.#server = Deno.serve(options, (request) => {
      const answer = this.#answer(request);
      this.#answers.add(answer);
      return answer.finally(() => this.#answers.delete(answer));
    });
  }

  /** Its base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Somebody writes; the token of the conversation is `context-` and a number. */
  write(from: string, text: string): string {
    const token = `context-${++this.#count}`;
    this.#unread.push({
      seq: this.#count,
      message_id: 7_000_000_000_000_000_000 + this.#count * 1000,
      from_user_id: from,
      to_user_id: "bot@im.bot",
      create_time_ms: Date.now(),
      session_id: "s",
      message_type: 1,
      message_state: 2,
      context_token: token,
      item_list: [{ type: 1, text_item: { text } }],
    });
    return token;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.#server.shutdown();
    await Promise.allSettled(this.#answers);
  }

  async #answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const body = await request.json().catch(() => ({}));
    if (path.endsWith("/getupdates")) {
      const end = performance.now() + 2_000;
      while (this.#unread.length === 0 && performance.now() < end && !this.#over) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const msgs = this.#unread.splice(0);
      return Response.json({ ret: 0, msgs, get_updates_buf: `buf-${this.#count}` });
    }
    if (path.endsWith("/getconfig")) return Response.json({ ret: 0, typing_ticket: "ticket" });
    if (path.endsWith("/sendmessage")) {
      const { msg } = body;
      const text = msg?.item_list?.[0]?.text_item?.text ?? "";
      this.sent.push({ to: msg?.to_user_id, text, contextToken: msg?.context_token });
      return Response.json({ ret: 0, message_id: `w${this.sent.length}` });
    }
    if (path.endsWith("/get_bot_qrcode")) {
      return Response.json({ qrcode: "code-1", qrcode_img_content: "https://weixin.example/scan" });
    }
    if (path.endsWith("/get_qrcode_status")) {
      return Response.json({ ...this.#scan.shift(), baseurl: this.url });
    }
    return Response.json({ ret: 0 });
  }
}
