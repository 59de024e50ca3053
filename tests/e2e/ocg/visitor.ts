/**
 * A browser that talks to the chat page, without a screen.
 *
 * @module
 */
import { eventually } from "../eventually.ts";

/** A message in a room. */
export interface RoomMessage {
  readonly id: string;
  readonly from: "person" | "bot";
  readonly text: string;
}

/** Somebody at the page. */
export class Visitor {
  readonly #base: string;
  #cookie = "";

  private constructor(base: string) {
    this.#base = base;
  }

  /** Opens the link. */
  static async open(link: string): Promise<Visitor> {
    const [base = "", token = ""] = link.split("#");
    const visitor = new Visitor(base);
    const response = await visitor.#post("/session", { token });
    if (response.status !== 204) throw new Error(`not let in: ${response.status}`);
    return visitor;
  }

  /** Says something; a key says it again. */
  async say(text: string, key: string = crypto.randomUUID()): Promise<Response> {
    return await this.#post("/messages", { key, text });
  }

  /** What is in the room now. */
  async history(): Promise<RoomMessage[]> {
    const stop = new AbortController();
    const response = await fetch(`${this.#base}/events`, {
      headers: { cookie: this.#cookie },
      signal: stop.signal,
    });
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const data = /^event: history\n(?:id: .*\n)?data: (.*)\n\n/m.exec(text)?.[1];
      if (data === undefined) continue;
      stop.abort();
      return JSON.parse(data);
    }
    throw new Error(`no history: ${text}`);
  }

  /** Waits until the bot has said something. */
  async heard(text: string): Promise<RoomMessage[]> {
    return await eventually(`"${text}" in the room`, async () => {
      const said = await this.history().catch(() => []);
      return said.some((one) => one.from === "bot" && one.text === text) ? said : undefined;
    }, 30_000);
  }

  async #post(path: string, body: unknown): Promise<Response> {
    const response = await fetch(this.#base + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: new URL(this.#base).origin,
        cookie: this.#cookie,
      },
      body: JSON.stringify(body),
    });
    await response.body?.cancel();
    this.#cookie = response.headers.get("set-cookie")?.split(";")[0] ?? this.#cookie;
    return response;
  }
}
