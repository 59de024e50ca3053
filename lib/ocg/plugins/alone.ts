/**
 * One at a time: the folders of a state directory's plugins are one thing.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { ioError, systemCode } from "../../store/io_error.ts";
import { openFileStore } from "../../store/file_store.ts";
import { sweepStaging } from "./folders.ts";

/**
 * Does something to the folders of plugins, after what was cut short earlier has been swept.
 *
 * @param root The state directory.
 * @param work What to do.
 * @returns What the work returns.
 * @throws {MeshError} `locked` if somebody else does something to them, `io` or `disk_full` if the system
 * does not let us, and what the work throws.
 */
export async function alone<T>(root: string, work: () => Promise<T>): Promise<T> {
  const claim = await openFileStore(root).tryClaim("ocg/plugins");
  if (!claim) throw new MeshError("locked", "Somebody else installs or removes plugins right now");
  try {
    await sweepStaging(root);
    return await work();
  } catch (error) {
    const isSystem = systemCode(error) !== undefined;
    throw isSystem ? ioError("Cannot change the folders of plugins", error) : error;
  } finally {
    await claim.release();
  }
}
