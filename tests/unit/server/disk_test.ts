import { assertEquals } from "@std/assert";
import { listContacts } from "../../../lib/mesh/contacts.ts";
import { readInbox } from "../../../lib/mesh/inbox.ts";
import type { MeshNodeOptions } from "../../../lib/mesh/node.ts";
import type { FileStoreOptions } from "../../../lib/store/file_store.ts";
import { denoFileSystem, type FileSystem } from "../../../lib/store/file_system.ts";
import {
  auditEvents,
  recordsIn,
  Stranger,
  type TestNode,
  testNode,
  trust,
} from "../mesh/parties.ts";
import { assertRefused, CONTACT, MESSAGE, serve } from "./served.ts";

/** A failure as the system reports it, with a path in it as Deno's have. */
function systemError(code: string, text: string): Error {
  const message = `${text} (os error 28): open '/tmp/mesh-test-1/messages/incoming/x.json'`;
  return Object.assign(new Error(message), { code });
}

/** A disk on which writing fails while `broken` says how. */
class Disk {
  broken: Error | undefined;
  /** Which operation fails. */
  at: "write" | "fsync" = "write";

  readonly fs: FileSystem = {
    ...denoFileSystem,
    openSync: (path, options) => {
      const file = denoFileSystem.openSync(path, options);
      const fails = (operation: string) => this.at === operation && path.endsWith(".tmp");
      return {
        readSync: (buffer) => file.readSync(buffer),
        writeSync: (bytes) => {
          if (this.broken && fails("write")) throw this.broken;
          return file.writeSync(bytes);
        },
        truncateSync: (length) => file.truncateSync(length),
        sync: async () => {
          if (this.broken && fails("fsync")) throw this.broken;
          await file.sync();
        },
        statSync: () => file.statSync(),
        tryLockSync: (exclusive) => file.tryLockSync(exclusive),
        lock: (exclusive) => file.lock(exclusive),
        unlockSync: () => file.unlockSync(),
        close: () => file.close(),
      };
    },
  };
}

async function nodeOn(disk: Disk, me: TestNode) {
  const options: MeshNodeOptions & FileStoreOptions = { fs: disk.fs };
  return await me.again(options);
}

const FAILURES: [name: string, disk: Partial<Disk>, status: number, code: string][] = [
  ["a full disk", { broken: systemError("ENOSPC", "No space left") }, 507, "disk_full"],
  ["a quota", { broken: systemError("EDQUOT", "Quota exceeded") }, 507, "disk_full"],
  ["a failing disk", { broken: systemError("EIO", "Input/output error") }, 500, "io"],
  [
    "a failing fsync",
    { broken: systemError("EIO", "Input/output error"), at: "fsync" },
    500,
    "io",
  ],
  ["a read-only disk", { broken: systemError("EROFS", "Read-only") }, 500, "io"],
];

for (const [name, failure, status, code] of FAILURES) {
  Deno.test(`${name}: nothing is acknowledged, told of or left behind, and all is well later`, async () => {
    await using me = await testNode();
    const stan = await Stranger.named("stan", { clock: me.clock });
    const anna = await Stranger.named("anna", { clock: me.clock });
    await trust(me.node, stan);
    const disk = new Disk();
    await using served = await serve(await nodeOn(disk, me));
    const before = await recordsIn(me.root);
    const message = stan.message();
    const request = anna.contactRequest();

    Object.assign(disk, failure);
    assertRefused(await served.post(MESSAGE, message), status, code, me.root);
    assertRefused(await served.post(CONTACT, request), status, code, me.root);
    assertEquals(await recordsIn(me.root), before);
    assertEquals([served.told.messages, served.told.contacts], [[], []]);
    assertEquals(served.told.faults.length, 2);

    disk.broken = undefined;
    assertEquals((await served.post(MESSAGE, message)).status, 200);
    assertEquals((await served.post(CONTACT, request)).status, 200);
    assertEquals(served.told.messages.length, 1);
    assertEquals((await readInbox(me.node.state)).length, 1);
    assertEquals((await listContacts(me.node)).length, 2);
  });
}

Deno.test("a message that is here already is acknowledged by a full disk too", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  const disk = new Disk();
  await using served = await serve(await nodeOn(disk, me));
  const message = stan.message();
  await served.post(MESSAGE, message);
  disk.broken = systemError("ENOSPC", "No space left");
  assertEquals((await served.post(MESSAGE, message)).status, 200);
});

Deno.test("a fault of this machine is no refusal: it is not in the audit log", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  await trust(me.node, stan);
  const disk = new Disk();
  await using served = await serve(await nodeOn(disk, me));
  disk.broken = systemError("ENOSPC", "No space left");
  await served.post(MESSAGE, stan.message());
  await served.post(CONTACT, anna.contactRequest());
  const events = (await auditEvents(me.root)).map(({ event }) => event);
  assertEquals(events, ["identity.created", "contact.approved"]);
});
