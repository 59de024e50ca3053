/**
 * The small stores that OpenClaw gives to plugins, each a JSON file here: keys with values that may expire.
 *
 * @module
 */
import { fields, type Unknown } from "./any.ts";
import { readJson, writeJson } from "./small_file.ts";

interface Entry {
  readonly value: unknown;
  readonly createdAt: number;
  readonly expiresAt?: number;
}

/** A store as plugins know it; all methods answer at once. */
export interface SyncKeyedStore {
  /** Sets a value. */
  register(key: string, value: unknown, options?: { ttlMs?: number }): void;
  /** Sets a value unless there is one; says whether it did. */
  registerIfAbsent(key: string, value: unknown, options?: { ttlMs?: number }): boolean;
  /** A value. */
  lookup(key: string): unknown;
  /** A value, which is removed. */
  consume(key: string): unknown;
  /** Removes a value; says whether there was one. */
  delete(key: string): boolean;
  /** All of them. */
  entries(): { key: string; value: unknown; createdAt: number }[];
  /** Removes all. */
  clear(): void;
}

/** Plugins open a store again for each look: all that are open are one. */
const open = new Map<string, SyncKeyedStore>();

/**
 * Opens a store.
 *
 * @param folder The account's folder.
 * @param options As plugins give them: `namespace`, `maxEntries`, `defaultTtlMs`.
 * @returns The store.
 */
export function openSyncKeyedStore(folder: string, options: unknown): SyncKeyedStore {
  const { namespace, maxEntries, defaultTtlMs } = fields(options);
  const path = `${folder}/store/${encodeURIComponent(String(namespace ?? "plugin"))}.json`;
  const there = open.get(path);
  if (there) return there;
  const most = typeof maxEntries === "number" && maxEntries > 0 ? maxEntries : 10_000;
  const all = new Map(Object.entries(fields(readJson(path)) as Readonly<Record<string, Entry>>));
  const alive = (key: string) => {
    const entry = all.get(key);
    return entry && (entry.expiresAt ?? Infinity) > Date.now() ? entry : undefined;
  };
  const keep = () => {
    for (const key of all.keys()) if (!alive(key)) all.delete(key);
    for (const key of all.keys()) {
      if (all.size <= most) break;
      all.delete(key);
    }
    writeJson(path, Object.fromEntries(all));
  };
  const store: SyncKeyedStore = {
    register(key, value, given) {
      const ttl = given?.ttlMs ?? (defaultTtlMs as number | undefined);
      const createdAt = Date.now();
      all.delete(key);
      all.set(key, { value, createdAt, ...(ttl ? { expiresAt: createdAt + ttl } : {}) });
      keep();
    },
    registerIfAbsent(key, value, given) {
      if (alive(key)) return false;
      store.register(key, value, given);
      return true;
    },
    lookup: (key) => alive(key)?.value,
    consume(key) {
      const value = alive(key)?.value;
      store.delete(key);
      return value;
    },
    delete(key) {
      const there = all.delete(key);
      if (there) keep();
      return there;
    },
    entries: () =>
      [...all].filter(([key]) => alive(key))
        .map(([key, { value, createdAt }]) => ({ key, value, createdAt })),
    clear() {
      all.clear();
      keep();
    },
  };
  open.set(path, store);
  return store;
}

/**
 * Opens a store whose methods answer later.
 *
 * @param folder The account's folder.
 * @param options As plugins give them.
 * @returns The store.
 */
export function openKeyedStore(folder: string, options: unknown): Unknown {
  const store = openSyncKeyedStore(folder, options);
  const later = Object.entries(store).map(([name, method]) =>
    [name, (...args: unknown[]) => Promise.resolve().then(() => method(...args))] as const
  );
  return Object.fromEntries(later);
}
