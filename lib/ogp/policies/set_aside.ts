/**
 * Policies that were set aside. The store moves a file away that holds nothing readable, and goes on as if
 * there had never been a record; but what the owner did not want must not be allowed by an accident.
 *
 * @module
 */
import { isAbsent } from "../../store/io_error.ts";

/**
 * The file in which a record was set aside.
 *
 * @param folder The folder of the records.
 * @param name The record's name.
 * @returns The newest file's name, or `undefined` if there is none.
 */
export async function setAsideFile(folder: string, name: string): Promise<string | undefined> {
  const begin = `${name}.json.corrupt-`;
  let newest: string | undefined;
  try {
    for await (const file of Deno.readDir(folder)) {
      if (file.name.startsWith(begin) && file.name > (newest ?? "")) newest = file.name;
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return newest;
}
