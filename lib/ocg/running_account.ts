/**
 * An account whose channel runs: what comes in is taken and gets its turn.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import type { Gate } from "../store/gate.ts";
import type { Lock } from "../store/store.ts";
import { sessionKey } from "./accounts.ts";
import { strangerSentence } from "./admission.ts";
import type { ChatMessage } from "./channel.ts";
import { Conversations } from "./conversations.ts";
import { dispatch, type DispatchParts } from "./dispatch.ts";
import { claimName } from "./elsewhere.ts";
import { pauseFor } from "./pause_for.ts";
import type { WaitingRecord } from "./records.ts";
import { takeMessage, type Taken, waitingOf } from "./intake.ts";

/** Milliseconds within which a turn ends that has nothing more to do. */
const TURN_END = 1000;

/** One account under way. */
export class RunningAccount {
  /** What it works with. */
  readonly parts: DispatchParts;
  readonly #conversations: Conversations;
  /** The last message being taken, by chat: messages are taken in the order in which they come. */
  readonly #taking = new Map<string, Promise<unknown>>();
  readonly #telling = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #claim: Lock | undefined;

  /**
   * Nothing runs yet.
   *
   * @param parts What it works with.
   * @param gate How many conversations there may be at a time, over all accounts.
   */
  constructor(parts: DispatchParts, gate: Gate) {
    this.parts = parts;
    this.#conversations = new Conversations({
      gate,
      handle: (waiting, failures, signal) =>
        dispatch(parts, waiting, failures, signal, (work) => this.#later(work)),
      onFault: (error) => parts.onEvent({ type: "fault", error: messageOf(error) }),
    });
  }

  /** How many messages wait or are worked at. */
  get waiting(): number {
    return this.#conversations.size;
  }

  /**
   * Begins: what an earlier run has left first, then what comes.
   *
   * @throws {MeshError} `locked` if another program on the same root runs it.
   */
  async start(): Promise<void> {
    const { state, channel, onEvent } = this.parts;
    const { id, account } = channel;
    this.#claim = await state.store.tryClaim(claimName({ channel: id, account }));
    if (!this.#claim) {
      throw new MeshError("locked", `Another program runs channel "${id}", account "${account}"`, {
        hint: "mesh ocg status shows what runs",
      });
    }
    try {
      for (const waiting of await waitingOf(state, { channel: id, account })) {
        this.#conversations.push(waiting);
      }
      channel.start({
        onMessage: (message) => this.#onMessage(message),
        onStatus: (status) => onEvent({ type: "channel", channel: id, account, status }),
      });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends; what is unfinished is picked up by the next start. */
  async stop(): Promise<void> {
    const { channel, agent } = this.parts;
    this.#stop.abort();
    // First what is on its way into the chats, which needs the channel.
    await this.#conversations.stop();
    await channel.stop();
    await Promise.all([...this.#taking.values(), ...this.#telling]);
    await agent.stop?.();
    await this.#claim?.release();
    this.#claim = undefined;
  }

  async #onMessage(message: ChatMessage): Promise<void> {
    if (this.#stop.signal.aborted) {
      throw new MeshError("unavailable", "The gateway is being stopped");
    }
    const key = sessionKey(message);
    const before = this.#taking.get(key) ?? Promise.resolve();
    const taken = before.then(() => this.#take(message));
    const settled = taken.catch(() => {}).finally(() => {
      if (this.#taking.get(key) === settled) this.#taking.delete(key);
    });
    this.#taking.set(key, settled);
    await taken;
  }

  async #take(message: ChatMessage): Promise<void> {
    const { state, account, now, onEvent, channel: { capabilities } } = this.parts;
    // A channel speaks for its own account and no other, whatever it says.
    const own = { ...message, channel: account.channel, account: account.account };
    let taken: Taken;
    try {
      taken = await takeMessage(state, account, own, now(), capabilities.authenticated);
    } catch (error) {
      onEvent({ type: "fault", error: messageOf(error) });
      throw error;
    }
    const { channel, account: name, chat, text: said, sender } = own;
    const address = { channel, account: name, chat };
    if (taken.state === "refused") {
      const { stranger, code } = taken.admission;
      if (!stranger) return;
      const told = code === undefined ? {} : { code };
      onEvent({ ...address, type: "stranger", sender: sender.id, ...told });
      const event = "ocg.sender.refused";
      await state.audit.refusal({ event, ...address, sender: sender.id, name: sender.name });
      if (code !== undefined) this.#tell(chat, strangerSentence(code));
      return;
    }
    if (taken.state === "new") onEvent({ ...address, type: "message", sender: sender.id, said });
    if (taken.waiting) this.#conversations.push(taken.waiting);
  }

  /** Gives a message another turn, once it has had its own. */
  #later(work: () => Promise<WaitingRecord | undefined>): void {
    const { signal } = this.#stop;
    const later: Promise<void> = pauseFor(TURN_END, signal).then(async () => {
      const waiting = signal.aborted ? undefined : await work();
      if (waiting) this.#conversations.push(waiting);
    }).catch((error) => {
      this.parts.onEvent({ type: "fault", error: messageOf(error) });
    }).finally(() => this.#telling.delete(later));
    this.#telling.add(later);
  }

  /** Says something that is not worth saying again if it fails. */
  #tell(chat: string, text: string): void {
    const telling: Promise<void> = this.parts.channel.send(chat, { text }, this.#stop.signal)
      .then(() => {}, () => {})
      .finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }
}
