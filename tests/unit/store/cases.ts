/**
 * What every store must do, whatever it keeps its records in. Each implementation runs these cases.
 *
 * @module
 */

import type { Store } from "../../../lib/store/store.ts";
import { listCases } from "./list_cases.ts";
import { lockCases } from "./lock_cases.ts";
import { recordCases } from "./record_cases.ts";

/** A store to test, on a root of its own. */
export interface TestStore extends AsyncDisposable {
  /** The store. */
  readonly store: Store;
  /** Opens the same root once more, as another process would. */
  again(): Store;
}

/** Makes an empty store. */
export type MakeStore = () => Promise<TestStore>;

/**
 * Registers the cases as tests.
 *
 * @param name What the implementation is called in the tests' names.
 * @param makeStore Makes an empty store for each test.
 */
export function storeCases(name: string, makeStore: MakeStore): void {
  recordCases(name, makeStore);
  listCases(name, makeStore);
  lockCases(name, makeStore);
}
