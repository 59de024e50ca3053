/**
 * The questions of one conversation and what became of them. They are answered in their order.
 *
 * @module
 */

/** A question with its answer. */
export interface Turn {
  /** What was asked. */
  readonly question: string;
  /** What the chat shows: the answer, or a sentence on why there is none. */
  readonly answer: string;
  /** Why there is none. */
  readonly error?: unknown;
  /** Milliseconds from the question to the end of the answer. */
  readonly ms: number;
}

/** A conversation's turns. */
export class Turns {
  readonly #open: { readonly question: string; readonly at: number }[] = [];
  readonly #onTurn: (turn: Turn) => void;
  #error: unknown;
  #hasFailed = false;

  /** @param onTurn Told of each turn when it is over. */
  constructor(onTurn: (turn: Turn) => void) {
    this.#onTurn = onTurn;
  }

  /** How many questions are not answered. */
  get open(): number {
    return this.#open.length;
  }

  /** Whether the last question that is over got no answer. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Milliseconds for which the oldest question has been waiting; 0 if there is none. */
  get waitingMs(): number {
    const [first] = this.#open;
    return first ? performance.now() - first.at : 0;
  }

  /**
   * A question was taken.
   *
   * @param question The question.
   */
  ask(question: string): void {
    this.#open.push({ question, at: performance.now() });
  }

  /**
   * The agent has no answer to the oldest question; what the chat shows instead follows.
   *
   * @param error Why.
   */
  fail(error: unknown): void {
    this.#error = error;
  }

  /**
   * The oldest question is answered.
   *
   * @param answer What the chat shows.
   */
  answer(answer: string): void {
    const first = this.#open.shift();
    if (!first) return;
    const error = this.#error;
    this.#error = undefined;
    this.#hasFailed = error !== undefined;
    const ms = Math.round(performance.now() - first.at);
    this.#onTurn({ question: first.question, answer, ms, error });
  }
}
