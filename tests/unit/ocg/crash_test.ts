import { assert, assertEquals } from "@std/assert";
import type { Collection } from "../../../lib/store/store.ts";
import type { OcgState } from "../../../lib/ocg/state.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, runGateway, type Running, streamed, until, WHOLE } from "./fakes.ts";

/** A program that dies at a write: nothing that it does afterwards has any effect. */
class Death {
  dead = false;
  #writes = 0;

  constructor(readonly at: number, readonly when: "before" | "after") {}

  async write<R>(work: () => Promise<R>): Promise<R> {
    this.check();
    const fatal = ++this.#writes === this.at;
    if (fatal && this.when === "before") this.dead = true;
    this.check();
    const result = await work();
    if (fatal) this.dead = true;
    this.check();
    return result;
  }

  check(): void {
    if (this.dead) throw new Error("dead");
  }

  /** A collection whose writes count. */
  collection<T>(inner: Collection<T>): Collection<T> {
    return {
      name: inner.name,
      get: (id) => inner.get(id),
      has: (id) => inner.has(id),
      ids: () => inner.ids(),
      list: (options) => inner.list(options),
      watch: (signal) => inner.watch(signal),
      create: (id, value) => this.write(() => inner.create(id, value)),
      put: (id, value) => this.write(() => inner.put(id, value)),
      update: (id, change) => this.write(() => inner.update(id, change)),
      delete: (id) => this.write(() => inner.delete(id)),
    };
  }

  state(inner: OcgState): OcgState {
    return {
      ...inner,
      waiting: this.collection(inner.waiting),
      callbacks: this.collection(inner.callbacks),
      messages: async (address) => this.collection(await inner.messages(address)),
    };
  }
}

/** Lets a program die at its `at`-th write; returns what the chat shows after the next one has worked. */
async function dieAndGoOn(
  at: number,
  when: "before" | "after",
  capabilities: typeof EDITING,
): Promise<{ texts: string[]; died: boolean }> {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(({ messages }) => streamed(["re ", messages[0]?.content ?? ""]));
  const config = { agentUrl: agent.url };
  const death = new Death(at, when);
  const unacknowledged: string[] = [];
  let first: Running | undefined = await runGateway(
    root.path,
    config,
    capabilities,
    {},
    (state) => death.state(state),
  );
  const { channel } = first;
  channel.failing = () => death.check();
  for (const id of ["a", "b"]) {
    await channel.write("1", id, id).catch(() => unacknowledged.push(id));
  }
  await until(async () =>
    death.dead ||
    (channel.texts("1").length === 2 && (await first?.state.waiting.ids())?.length === 0)
  );
  const left = channel.in("1");
  await first[Symbol.asyncDispose]();
  first = undefined;
  await using second = await runGateway(root.path, config, capabilities);
  // The platform keeps what was written before, and repeats what nobody has acknowledged.
  second.channel.chats.set("1", [...left, ...second.channel.in("1")]);
  for (const id of unacknowledged) await second.channel.write("1", id, id);
  await until(async () => (await second.state.waiting.ids()).length === 0);
  return { texts: second.channel.texts("1"), died: death.dead };
}

for (const [name, capabilities] of [["edits", EDITING], ["whole messages", WHOLE]] as const) {
  for (const when of ["before", "after"] as const) {
    Deno.test(`dying ${when} any write loses no answer, with ${name}`, async () => {
      let at = 1;
      for (;; at++) {
        const { texts, died } = await dieAndGoOn(at, when, capabilities);
        if (!died) break;
        const message = `${when} write ${at}: ${texts.join(" | ")}`;
        assertEquals([...new Set(texts)].sort(), ["re a", "re b"], message);
        // What died between sending and writing that down cannot know that it has sent.
        assert(texts.length <= (when === "before" ? 3 : 2), message);
      }
      assert(at > 8, "the program writes more often");
    });
  }
}
