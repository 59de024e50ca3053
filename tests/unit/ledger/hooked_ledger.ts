/**
 * The ledgers' file system with a hook before each operation.
 *
 * @module
 */

import {
  denoLedgerFileSystem,
  type LedgerFileSystem,
} from "../../../lib/ledger/ledger_file_system.ts";
import { type Hook, hookedFileSystem, hookedHandle } from "../store/hooked_file_system.ts";

/**
 * A file system with a hook, and a count of the files that are open.
 *
 * @param hook Called before each operation, except moving in a file and closing it.
 * @returns The file system, and how many files are open and were open at most.
 */
export function hookedLedger(hook: Hook = () => {}) {
  const open = { now: 0, most: 0 };
  const fs: LedgerFileSystem = {
    ...hookedFileSystem(hook),
    openSync(path, options) {
      hook("open", path);
      const file = denoLedgerFileSystem.openSync(path, options);
      open.most = Math.max(open.most, ++open.now);
      return {
        ...hookedHandle(hook, path, file),
        seekSync: (offset, whence) => file.seekSync(offset, whence),
        close() {
          open.now--;
          file.close();
        },
      };
    },
  };
  return { fs, open };
}
