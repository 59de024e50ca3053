/**
 * The file that tells a service manager of the service.
 *
 * @module
 */
import type { MarkedFile } from "../store/marked_file.ts";
import { MARK } from "./service_spec.ts";

/**
 * The file at a path.
 *
 * @param path Where the service manager looks for it.
 * @returns The file, ours by its mark; everybody may read what runs on a machine.
 */
export function unitFile(path: string): MarkedFile {
  return {
    path,
    mark: MARK,
    mode: 0o644,
    ifForeign: "choose another name: mesh service install --name mesh-home",
    ifRefused: "as root: sudo mesh service … --system; or without --system, for this user alone",
  };
}
