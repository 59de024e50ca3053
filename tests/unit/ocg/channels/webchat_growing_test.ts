import { assertEquals, assertRejects } from "@std/assert";
import { Growing } from "../../../../lib/ocg/channels/webchat/growing.ts";
import { RoomLog } from "../../../../lib/ocg/channels/webchat/room_log.ts";
import { newRoom } from "../../../../lib/ocg/channels/webchat/session.ts";
import { WebchatChannel } from "../../../../lib/ocg/channels/webchat/webchat.ts";
import { ChatWriter } from "../../../../lib/ocg/chat_writer.ts";
import { openFileStore } from "../../../../lib/store/file_store.ts";
import { eventually } from "../../../e2e/eventually.ts";
import { temporaryRoot } from "../../store/temporary_root.ts";

/** A disk that remembers what was written, and fails when told to. */
class Disk {
  readonly written: string[] = [];
  failing = false;

  write = async (_room: string, id: string, text: string) => {
    await Promise.resolve();
    if (this.failing) throw new Error("no space");
    this.written.push(`${id} ${text}`);
  };
}

const NEVER = 1_000_000;

Deno.test("a message that grows in many pieces is written at first and in the end", async () => {
  const disk = new Disk();
  const growing = new Growing(disk.write, NEVER);
  for (let i = 1; i <= 100; i++) {
    await growing.change("room", "a", `${i}`);
    assertEquals(growing.textOf("room", "a"), `${i}`);
  }
  assertEquals(growing.textOf("other", "a"), undefined);
  assertEquals(disk.written, ["a 1"]);
  await growing.settle("room", "a");
  assertEquals(disk.written, ["a 1", "a 100"]);
  assertEquals(growing.textOf("room", "a"), undefined);
  await growing.settle("room", "a");
  assertEquals(disk.written.length, 2);
});

Deno.test("what nobody settles is written after a while, and then forgotten", async () => {
  const disk = new Disk();
  const growing = new Growing(disk.write, 5);
  await growing.change("room", "a", "1");
  await growing.change("room", "a", "2");
  await eventually("the end", () => growing.textOf("room", "a") === undefined);
  assertEquals(disk.written, ["a 1", "a 2"]);
});

Deno.test("a message that cannot be written is a failure, and may be settled again", async () => {
  const disk = new Disk();
  const growing = new Growing(disk.write, NEVER);
  disk.failing = true;
  await assertRejects(() => growing.change("room", "a", "1"), Error, "no space");
  assertEquals(growing.textOf("room", "a"), undefined);
  disk.failing = false;
  await growing.change("room", "a", "1");
  await growing.change("room", "a", "2");
  disk.failing = true;
  await assertRejects(() => growing.settle("room", "a"), Error, "no space");
  assertEquals(growing.textOf("room", "a"), "2");
  disk.failing = false;
  await growing.settle("room", "a");
  assertEquals(disk.written, ["a 1", "a 2"]);
});

Deno.test("an end settles all messages, and leaves no timer behind", async () => {
  const disk = new Disk();
  const growing = new Growing(disk.write, NEVER);
  for (const id of ["a", "b"]) {
    await growing.change("room", id, "1");
    await growing.change("room", id, "2");
  }
  await growing.settleAll();
  assertEquals(disk.written, ["a 1", "b 1", "a 2", "b 2"]);
});

Deno.test("an answer that counts as written is on the disk, also if its last change was shown before", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  const channel = new WebchatChannel({ account: "default", token: "t".repeat(43), store });
  const room = newRoom();
  const onDisk = async () => {
    const fresh = new RoomLog(openFileStore(root.path), "ocg/webchat/default");
    return (await fresh.read(room)).map(({ text }) => text);
  };
  await new RoomLog(store, "ocg/webchat/default").append(room, {
    from: "person",
    text: "hi",
    at: 1,
  });
  const { signal } = new AbortController();
  const writer = new ChatWriter({ channel, chat: room, note: () => Promise.resolve(), signal });
  for (const text of ["one", "one two", "one two three"]) await writer.show([text]);
  assertEquals(await onDisk(), ["hi", "one two"]);
  await writer.finish(["one two three"]);
  assertEquals(await onDisk(), ["hi", "one two three"]);
  await channel.stop();
});
