/**
 * How a worker tells the test what it has done.
 *
 * @module
 */

const encoder = new TextEncoder();

/**
 * Writes a line to stdout before anything else happens, so that whatever was said was done.
 *
 * @param line The line, without its end.
 */
export function say(line: string): void {
  const bytes = encoder.encode(line + "\n");
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}
