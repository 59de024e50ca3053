import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { eventually } from "../../../e2e/eventually.ts";
import { installFake } from "./fakes.ts";

const GATEWAY = fileURLToPath(new URL("./orphan.ts", import.meta.url));

/** Whether a process is there. */
function lives(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

for (const how of ["", "ignores the stop", "hangs"]) {
  Deno.test(`the process of a plugin that ${how || "behaves"} ends after its gateway was killed`, async () => {
    const root = await Deno.makeTempDir();
    await installFake(root, "registering.js");
    const gateway = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", GATEWAY, root, how],
      stdout: "piped",
    }).spawn();
    const reader = gateway.stdout.getReader();
    const { value } = await reader.read();
    const pid = Number(new TextDecoder().decode(value).split("\n")[0]);
    assertEquals(lives(pid), true);
    gateway.kill("SIGKILL");
    await gateway.status;
    await reader.cancel();
    await eventually("its end", () => !lives(pid), 60_000);
    await Deno.remove(root, { recursive: true });
  });
}
