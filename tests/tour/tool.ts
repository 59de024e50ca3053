/**
 * The programs of Linux that make machines out of namespaces.
 *
 * @module
 */
import { Failure } from "../../scripts/demo/failure.ts";
import { programPath } from "./lacking.ts";

/**
 * Runs one.
 *
 * @param name Its name.
 * @param args Its arguments.
 * @returns What it wrote to standard output.
 * @throws {Failure} if it does not succeed.
 */
export async function tool(name: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(await programPath(name) ?? name, {
    args,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Failure(`Cannot run ${[name, ...args].join(" ")}`, text(stderr));
  return text(stdout);
}
