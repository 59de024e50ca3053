/**
 * How it is said what becomes of a tunnel: a line each, or, with `--json`, a document a line.
 *
 * @module
 */
import type { ExposeEvent } from "../../lib/expose/keep_open.ts";
import type { TunnelMethod } from "../../lib/expose/tunnel_program.ts";
import { asciiJson, safeText, type Terminal } from "../terminal.ts";
import { ago, localTime } from "../text.ts";
import type { Publication } from "./expose_publication.ts";

/** Says it. */
export class ExposeTeller {
  readonly #terminal: Terminal;
  readonly #method: TunnelMethod;
  readonly #dated: boolean;

  /**
   * @param terminal Where to.
   * @param method The program.
   * @param dated Whether each line says day and time: a log is read later.
   */
  constructor(terminal: Terminal, method: TunnelMethod, dated: boolean) {
    this.#terminal = terminal;
    this.#method = method;
    this.#dated = dated;
  }

  /**
   * Says what happened.
   *
   * @param event What.
   * @param publication What became of the URL, for `open`.
   */
  tell(event: ExposeEvent, publication: Publication = { peersTold: 0 }): void {
    if (this.#terminal.json) {
      this.#terminal.raw(asciiJson(JSON.stringify(this.#document(event, publication))) + "\n");
      return;
    }
    switch (event.kind) {
      case "open":
        return this.#open(event, publication);
      case "ask":
        return this.#note(event.text);
      case "lost": {
        const again = ago(new Date(Date.now() + event.againInMs));
        return this.#note(`The tunnel is gone: ${event.reason}; it is opened again ${again}.`);
      }
    }
  }

  #open(
    { url, pid }: ExposeEvent & { kind: "open" },
    { peersTold, replaced }: Publication,
  ): void {
    this.#line(`${url} leads to this gateway (${this.#method}, process ${pid})`);
    if (peersTold > 0) {
      this.#note(`${peersTold === 1 ? "1 peer is" : `${peersTold} peers are`} told of it.`);
    }
    if (replaced !== undefined && replaced !== url) {
      this.#note(`Until the tunnel is closed it takes the place of ${replaced}.`);
    }
  }

  #document(event: ExposeEvent, { peersTold, replaced }: Publication): Record<string, unknown> {
    if (event.kind === "lost") {
      return { kind: event.kind, reason: event.reason, again_in_ms: event.againInMs };
    }
    if (event.kind === "ask") return { ...event };
    const { kind, url, pid, again } = event;
    return {
      ...{ kind, ok: true, method: this.#method, url, pid, again },
      ...{ peers_told: peersTold, replaced: replaced ?? null },
    };
  }

  #line(text: string): void {
    this.#terminal.line(this.#when() + safeText(text));
  }

  #note(text: string): void {
    this.#terminal.note(this.#when() + safeText(text));
  }

  #when(): string {
    return this.#dated ? `${localTime(new Date())} ` : "";
  }
}
