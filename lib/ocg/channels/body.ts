/**
 * Reads what a client sent, up to a limit.
 *
 * @module
 */

/**
 * Reads a request's body as text.
 *
 * @param request The request.
 * @param limit The most bytes.
 * @returns The text, or `undefined` if there is more than that.
 */
export async function readText(request: Request, limit: number): Promise<string | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) {
    await request.body?.cancel();
    return undefined;
  }
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const piece of request.body ?? []) {
    size += piece.length;
    // Leaving the loop gives the rest of the body up.
    if (size > limit) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Reads a request's body as JSON.
 *
 * @param request The request.
 * @param limit The most bytes.
 * @returns The fields of a JSON object; 400 if it is none, 413 if it is too large.
 */
export async function readFields(
  request: Request,
  limit: number,
): Promise<Readonly<Record<string, unknown>> | 400 | 413> {
  const text = await readText(request, limit);
  if (text === undefined) return 413;
  try {
    const value: unknown = JSON.parse(text);
    const fields = typeof value === "object" && value !== null && !Array.isArray(value);
    return fields ? value as Record<string, unknown> : 400;
  } catch {
    return 400;
  }
}
