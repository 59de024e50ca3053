/** What `mesh ocg plugins` prints. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import install from "../../../../commands/ocg/plugins/install_action.ts";
import list from "../../../../commands/ocg/plugins/list_action.ts";
import remove from "../../../../commands/ocg/plugins/remove_action.ts";
import { Terminal } from "../../../../commands/terminal.ts";
import { MeshError } from "../../../../lib/error.ts";
import { Sinks } from "../../commands/sinks.ts";
import { Shelf } from "./shelf.ts";

/** One run of a command. */
class Run {
  readonly sinks = new Sinks();
  readonly flags: { json: boolean; stateDir: string; purge: boolean };
  readonly context: Parameters<typeof list>[0];

  constructor(shelf: Shelf, json: boolean) {
    const { sinks } = this;
    this.flags = { json, stateDir: shelf.root, purge: false };
    this.context = {
      terminal: new Terminal({ ...sinks, stdout: sinks.stdout, stderr: sinks.stderr, json }),
      env: shelf.env,
      propose: () => Promise.resolve([]),
    };
  }

  /** The results. */
  get out(): string {
    return this.sinks.stdout.text;
  }

  /** Everything else. */
  get beside(): string {
    return this.sinks.stderr.text;
  }
}

Deno.test("people read what was done and what is next", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  await shelf.stockNode();
  const run = () => new Run(shelf, false);

  const none = run();
  await list(none.context, none.flags);
  assertEquals(none.out, "No plugin is installed.\n");

  const first = run();
  await install(first.context, first.flags, "@fake/plugin");
  const what = 'Installed @fake/plugin 1.0.0: it brings the channel "fake" (Fake Chat)\n';
  assertEquals(first.out, what);
  assertStringIncludes(
    first.beside,
    "Installing OpenClaw 2026.9.6, which plugins use: about 650 MB",
  );
  assertStringIncludes(first.beside, "next: mesh ocg channels login --channel fake\n");

  await shelf.stock("@fake/plugin", { version: "1.1.0" });
  const again = run();
  await install(again.context, again.flags, "@fake/plugin");
  assertStringIncludes(again.out, "Installed @fake/plugin 1.1.0 in place of 1.0.0: ");
  assertStringIncludes(again.beside, "next: mesh ocg channels restart --channel fake\n");

  const listed = run();
  await list(listed.context, listed.flags);
  assertEquals(listed.out.split("\n")[0], "CHANNEL  PACKAGE       VERSION  OPENCLAW  INSTALLED");
  assertStringIncludes(listed.out, "fake     @fake/plugin  1.1.0    2026.9.6  ");

  const removed = run();
  await remove(removed.context, removed.flags, "fake");
  assertEquals(removed.out, "Removed @fake/plugin 1.1.0\n");
  assertStringIncludes(removed.beside, "stays: ocg/plugins/state/fake\n");
  await assertRejects(
    () => remove(removed.context, removed.flags, "fake"),
    MeshError,
    "is installed",
  );
});

Deno.test("programs get one document, and the steps beside it", async () => {
  await using shelf = await Shelf.open();
  await shelf.stock("@fake/plugin");
  await shelf.stockNode();
  const run = () => new Run(shelf, true);
  const installed = run();
  await install(installed.context, installed.flags, "@fake/plugin");
  const { ok, before, installedAt, ...plugin } = JSON.parse(installed.out);
  assertEquals([ok, before], [true, null]);
  assert(Date.parse(installedAt) > 0);
  assertEquals(plugin, {
    ...{ package: "@fake/plugin", version: "1.0.0", integrity: "sha512-@fake/plugin-1.0.0" },
    ...{ channel: "fake", label: "Fake Chat", openclaw: "2026.9.6", qrLogin: true },
  });
  const listed = run();
  await list(listed.context, listed.flags);
  assertEquals(JSON.parse(listed.out), [{ ...plugin, installedAt }]);
  const removed = run();
  await remove(removed.context, { ...removed.flags, purge: true }, "@fake/plugin");
  const gone = JSON.parse(removed.out);
  assertEquals(gone, { ok: true, removed: { ...plugin, installedAt }, purged: true });
});
