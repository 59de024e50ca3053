/**
 * A step that did not go as it must.
 *
 * @module
 */

/** Ends the demo. */
export class Failure extends Error {
  /** What was run and all that it said, if anything was. */
  readonly output: string;

  /**
   * @param message What is wrong, as one sentence.
   * @param output What was run and all that it said.
   */
  constructor(message: string, output = "") {
    super(message);
    this.output = output;
  }

  /** The sentence, and below it the output. */
  get transcript(): string {
    return this.output === "" ? this.message : `${this.message}\n${this.output}`;
  }
}

/**
 * Makes sure of something.
 *
 * @param truth Whether it is so.
 * @param sentence What is wrong if it is not.
 * @param output What was run and all that it said.
 * @throws {Failure} if it is not so.
 */
export function expect(truth: boolean, sentence: string, output?: string): asserts truth {
  if (!truth) throw new Failure(sentence, output);
}
