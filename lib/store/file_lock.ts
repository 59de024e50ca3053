/**
 * Waiting for the kernel's lock on an open file, for a limited time.
 *
 * @module
 */

import type { FileHandle } from "./file_system.ts";

/**
 * Takes the lock of an open file, and gives up after a while. A wait for a lock cannot be called off: when
 * time is up the handle passes into the care of this function, which closes it, and so gives the lock
 * back, as soon as it is granted. Until then the process has an operation under way.
 *
 * @param file The open file. After `false` it may not be used any more; otherwise it stays the caller's.
 * @param exclusive Whether to exclude all others, or only those who want to exclude others.
 * @param timeout Milliseconds to wait; 0 or less to only try.
 * @returns Whether the lock is held.
 * @throws What the system says, such as that this file system has no locks.
 */
export async function lockWithin(
  file: FileHandle,
  exclusive: boolean,
  timeout: number,
): Promise<boolean> {
  if (file.tryLockSync(exclusive)) return true;
  if (timeout <= 0) {
    file.close();
    return false;
  }
  const granted = file.lock(exclusive).then(() => true as const);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeIsUp = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeout);
  });
  try {
    const held = await Promise.race([granted, timeIsUp]);
    if (!held) granted.then(() => letGo(file), () => file.close());
    return held;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Gives back the lock of an open file and closes it. Closing alone would leave the lock with a process that
 * this one is just starting, until that runs its own program.
 *
 * @param file The open file, locked or not.
 */
export function letGo(file: FileHandle): void {
  try {
    file.unlockSync();
  } finally {
    file.close();
  }
}
