import { assertEquals, assertStringIncludes } from "@std/assert";
import { friends, TestNode } from "./node.ts";

/** A small file system of its own, which only root can make, and only on Linux. */
const mountable = Deno.build.os === "linux" && Deno.uid() === 0 && await canMount();

Deno.test({
  name: "while the receiver's disk is full a message waits with its sender",
  ignore: !mountable,
  fn: async () => {
    const [ann, bob] = await friends("ann", "bob");
    await using _ann = ann;
    await using _bob = bob;
    await using disk = await SmallDisk.under(bob);
    await using daemon = await bob.serve();
    await disk.fill();
    const said = ["send-message", "--to", "bob", "--send", "--text", "hello"];
    const { message_id, receipt, error } = await ann.json(said, { code: 8 });
    assertEquals(receipt, "queued");
    assertStringIncludes(error, "disk_full: This node cannot store anything right now");
    await daemon.heard("fault");
    assertEquals(await bob.json(["list-messages"]), []);

    await disk.empty();
    const results = await ann.json(["queue", "retry"]);
    assertEquals(results, [{ message_id, to: "bob", state: "accepted" }]);
    assertEquals((await bob.json(["list-messages"])).length, 1);
    assertEquals((await daemon.stop()).code, 0);
  },
});

Deno.test({
  name: "while the sender's disk is full nothing is sent, and nothing half-written stays",
  ignore: !mountable,
  fn: async () => {
    const [ann, bob] = await friends("ann", "bob");
    await using _ann = ann;
    await using _bob = bob;
    await using _bobServes = await bob.serve();
    await using disk = await SmallDisk.under(ann);
    await disk.fill();
    const said = ["send-message", "--to", "bob", "--send", "--text", "x".repeat(20_000)];
    const failure = await ann.json(said, { code: 7 });
    assertEquals(failure.error, "disk_full");
    assertEquals(await bob.json(["list-messages"]), []);
    await disk.empty();
    assertEquals(await ann.json(["queue", "list"]), []);
    await ann.run(said);
    assertEquals((await bob.json(["list-messages"])).length, 1);
  },
});

/** A node's state on a file system of one megabyte, with its old content. */
class SmallDisk implements AsyncDisposable {
  private constructor(private readonly path: string) {}

  static async under({ state: path }: TestNode): Promise<SmallDisk> {
    await Deno.rename(path, `${path}.kept`);
    await Deno.mkdir(path);
    await system("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", path);
    const disk = new SmallDisk(path);
    try {
      await system("cp", "-a", `${path}.kept/.`, path);
      return disk;
    } catch (error) {
      await disk[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Leaves no room for anything. */
  async fill(): Promise<void> {
    using ballast = await Deno.open(`${this.path}/ballast`, { write: true, createNew: true });
    try {
      while (true) await ballast.write(new Uint8Array(4096));
    } catch (error) {
      if (!String(error).includes("os error 28")) throw error;
    }
  }

  /** Makes room again. */
  async empty(): Promise<void> {
    await Deno.remove(`${this.path}/ballast`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await system("umount", "-l", this.path);
  }
}

async function system(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
}

async function canMount(): Promise<boolean> {
  const path = await Deno.makeTempDir({ prefix: "mesh-e2e-" });
  try {
    await system("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path);
    await system("umount", path);
    return true;
  } catch {
    return false;
  } finally {
    await Deno.remove(path);
  }
}
