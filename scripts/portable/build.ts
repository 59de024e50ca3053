/**
 * Makes a portable program: one executable file out of a shell part, a Deno and the bundle. For machines
 * where `deno compile` cannot get its base runtime.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { MeshError } from "../../lib/error.ts";
import { bundle, type BundledFile } from "./bundle.ts";
import { HELD } from "./holding.ts";
import { CONTENTS } from "./settle.ts";
import { stub } from "./stub.ts";
import { tar, type TarFile } from "./tar.ts";

const TEMPLATE = fileURLToPath(new URL("./stub.sh", import.meta.url));

/**
 * Makes the file. The same sources and the same Deno make the same bytes.
 *
 * @param out Where to write it; what is there is replaced in one step.
 * @throws {MeshError} `usage` on Windows, which has no shell to unpack it; `unavailable` without a bundler.
 */
export async function buildPortable(out: string): Promise<void> {
  if (Deno.build.os === "windows") {
    throw new MeshError("usage", "A file that unpacks itself needs a POSIX shell", {
      hint: "compile without --portable",
    });
  }
  const deno = await Deno.readFile(Deno.execPath());
  const files = await payload(deno, await bundle());
  const archive = await gzip(tar(files));
  const size = (path: string) => files.find((file) => file.path === path)?.bytes.length ?? 0;
  const script = stub(await Deno.readTextFile(TEMPLATE), {
    version: config.version,
    target: Deno.build.target,
    deno: Deno.version.deno,
    sum: (await sha256(archive)).slice(0, 32),
    denoSize: size("deno"),
    mainSize: size("app/main.js"),
    unpackedSize: files.reduce((total, { bytes }) => total + bytes.length, 0),
    archiveSize: archive.length,
  });
  const beside = `${out}.${crypto.randomUUID()}`;
  try {
    await Deno.writeFile(beside, new Blob([script, archive]).stream(), { mode: 0o755 });
    await Deno.rename(beside, out);
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    throw error;
  }
}

async function payload(
  deno: Uint8Array<ArrayBuffer>,
  bundled: readonly BundledFile[],
): Promise<TarFile[]> {
  const files: TarFile[] = [
    { path: "deno", mode: 0o700, bytes: deno },
    { path: HELD, mode: 0o600, bytes: new Uint8Array() },
    ...bundled.map(({ name, bytes }) => ({ path: `app/${name}`, mode: 0o600, bytes })),
  ];
  const sums = await Promise.all(
    files.map(async ({ path, bytes }) => [path, await sha256(bytes)] as const),
  );
  const contents = new TextEncoder().encode(JSON.stringify(Object.fromEntries(sums)));
  return [...files, { path: CONTENTS, mode: 0o600, bytes: contents }];
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function gzip(pieces: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob(pieces).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
