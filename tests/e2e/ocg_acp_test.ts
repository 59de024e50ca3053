import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "./eventually.ts";
import { TestNode } from "./node.ts";
import { configure, PATIENCE } from "./ocg/async_machine.ts";
import { webchatChat } from "./ocg/chats.ts";
import { freePort } from "./ports.ts";

const PROGRAM = new URL("../fakes/acp_agent.ts", import.meta.url).pathname;

async function isAlive(pid: number): Promise<boolean> {
  const { success } = await new Deno.Command("kill", {
    args: ["-0", String(pid)],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

Deno.test("a chat talks to a program, which ends with the daemon however that ends", async (t) => {
  await using node = await TestNode.empty("ann");
  const chat = webchatChat();
  const port = freePort();
  const denoDir = Deno.env.get("DENO_DIR");
  await configure(node, {
    agentType: "acp",
    acp: {
      command: Deno.execPath(),
      args: ["run", "--quiet", "--no-lock", "--no-check", "-A", PROGRAM],
      env: { PASSWORD: "hunter22", ...(denoDir ? { DENO_DIR: denoDir } : {}) },
    },
    callbackHost: "127.0.0.1",
    callbackPort: port,
    channels: { webchat: chat.settings },
  });
  let shown = 0;
  /** Waits for the whole answer: it is shown while it grows. */
  const ask = async (text: string, whole: RegExp) => {
    await chat.say(text, port);
    shown++;
    return await eventually(text, async () => {
      const [last, ...more] = (await chat.seen(port)).slice(shown - 1);
      return more.length === 0 && last !== undefined && whole.test(last) && last;
    }, PATIENCE);
  };

  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    await t.step(signal, async () => {
      await using run = node.start(["ocg", "start"], { env: { MESH_TEST_SECRET: "not for it" } });
      await run.until("where it listens", () => /listening/.test(run.stdout) || undefined);
      await eventually("the chat", () => chat.seen(port).then(() => true, () => false), PATIENCE);
      await ask("hello", /^re: hello$/);
      assert(!(await ask("env", / PATH$| PATH /)).includes("MESH"));
      await ask("die", /^half an\n\n⚠️ The agent broke off before its answer was finished\.$/);
      const [pid, session] = (await ask("count", /^\d+ s\d+ \d+$/)).split(" ");
      assertEquals(session, "s1");
      assert(await isAlive(Number(pid)));
      assertMatch(run.stdout, /ended with exit code 9: out of memory/);
      run.kill(signal);
      const { stdout, stderr } = await run.ended;
      await eventually("the program's end", async () => !await isAlive(Number(pid)), PATIENCE);
      assert(!/hunter22|not for it/.test(stdout + stderr));
    });
  }
});
