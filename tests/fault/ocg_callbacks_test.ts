import { assertEquals } from "@std/assert";
import { openOcgState, recordName } from "../../lib/ocg/state.ts";
import { EDITING, fakeAgent, runGateway, until } from "../unit/ocg/fakes.ts";
import { temporaryRoot } from "../unit/store/temporary_root.ts";

const OPEN = 100_000;
const EXPIRED = 500;

/** Whose messages are waited for. */
const OLD = { channel: "fake", account: "default", chat: "old" };

/** Writes a message that an agent was asked. */
async function writeQuestion(root: string, id: string): Promise<void> {
  using state = openOcgState(root);
  const now = new Date().toISOString();
  await (await state.messages(OLD)).create(await recordName(id), {
    ...{ ...OLD, id, kind: "direct", sender: { id: "a", name: "Anna" }, text: "hi" },
    ...{ sentAt: now, receivedAt: now, state: "asked" },
  });
}

/** Writes records of tokens that nobody knows; through the store it would take minutes. */
function writeTokens(root: string): void {
  const folder = `${root}/ocg/callbacks`;
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const now = Date.now();
  for (let i = 0; i < OPEN; i++) {
    const expired = i % (OPEN / EXPIRED) === 0;
    const record = {
      ...{ ...OLD, message: `m${i}` },
      expiresAt: new Date(now + (expired ? -1 : 1) * 3_600_000).toISOString(),
    };
    const name = i.toString(16).padStart(64, "0");
    Deno.writeTextFileSync(`${folder}/${name}.json`, JSON.stringify(record));
  }
}

Deno.test("among 100,000 open callbacks one is answered while the expired ones are looked for", async () => {
  await using root = await temporaryRoot();
  writeTokens(root.path);
  await writeQuestion(root.path, "m0");
  const forwarded: string[] = [];
  await using agent = fakeAgent((_, request) => {
    forwarded.push(request.headers.get("x-ocg-callback") ?? "");
    return new Response("ok");
  });
  const config = { agentUrl: agent.url, async: true };
  await using running = await runGateway(root.path, config, EDITING);
  const { gateway, channel, state } = running;
  const sweeping = gateway.callbacks.sweep();
  await channel.write("1", "a", "hi");
  await until(() => forwarded.length === 1);
  const token = forwarded[0]?.split("/").at(-1) ?? "";
  const { signal } = new AbortController();
  await gateway.callbacks.deliver(token, { text: "here", isError: false }, signal);
  assertEquals(channel.texts("1"), ["here"]);
  assertEquals(await sweeping, EXPIRED);
  assertEquals((await state.callbacks.ids()).length, OPEN - EXPIRED);
  const question = await (await state.messages(OLD)).get(await recordName("m0"));
  assertEquals(question?.state, "failed");
});
