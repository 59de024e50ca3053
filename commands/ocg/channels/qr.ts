/**
 * QR codes on a terminal, two modules a character.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";

/** Modules of quiet around a code; the standard (ISO/IEC 18004) wants four, phones are content with two. */
const QUIET = 2;
/** The longest text that a code of the size of a terminal holds. */
const LONGEST = 1000;

/** By upper and lower half: what is dark. */
const DARK = [" ", "▄", "▀", "█"] as const;
const BLACK_ON_WHITE = "\x1b[30;107m";
const RESET = "\x1b[0m";

/**
 * Draws a QR code with byte encoding and error correction level L.
 *
 * @param text What is in it.
 * @param color Whether the terminal takes colours: then the code is black on white whatever its theme. Else
 * it is drawn for a dark background; most phones read it on a light one, too.
 * @returns The lines, and how many characters wide they are.
 * @throws {MeshError} `too_large` for a text that fits into no code of a sensible size.
 */
export async function drawQr(
  text: string,
  color: boolean,
): Promise<{ readonly lines: readonly string[]; readonly width: number }> {
  if (new TextEncoder().encode(text).length > LONGEST) {
    throw new MeshError("too_large", `A text of more than ${LONGEST} bytes fits into no QR code`);
  }
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { ecc: "L", border: QUIET });
  const isDark = (x: number, y: number) => y < size && (data[y]?.[x] ?? false);
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    const cells = Array.from({ length: size }, (_, x) => {
      // The last line has no lower half; without colours, light is what is drawn.
      const upper = isDark(x, y) === color;
      const lower = y + 1 < size ? isDark(x, y + 1) === color : false;
      return DARK[(upper ? 2 : 0) + (lower ? 1 : 0)];
    }).join("");
    lines.push(color ? `${BLACK_ON_WHITE}${cells}${RESET}` : cells);
  }
  return { lines, width: size };
}
