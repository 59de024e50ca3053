import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import type { Answer } from "../../../lib/service/ask.ts";
import { statusIn, systemd, systemdFolder } from "../../../lib/service/systemd.ts";
import type { ServiceScope } from "../../../lib/service/service_spec.ts";

/** A systemctl that answers some of its verbs. */
function fake(scope: ServiceScope, answers: Readonly<Record<string, Partial<Answer>>> = {}) {
  const asked: string[] = [];
  const manager = systemd({
    name: "mesh",
    scope,
    folder: "/units",
    user: "anna",
    lingering: "/nowhere",
    ask: ([, ...args]) => {
      asked.push(args.join(" "));
      const verb = args.find((arg) => !arg.startsWith("-")) ?? "";
      return Promise.resolve({ code: 0, stdout: "", complaint: "", ...answers[verb] });
    },
  });
  return { manager, asked };
}

Deno.test("a unit is read anew, enabled, and runs as it says now", async () => {
  const { manager, asked } = fake("user");
  await manager.enable(true);
  assertEquals(asked, [
    "--user daemon-reload",
    "--user enable mesh.service",
    "--user restart mesh.service",
  ]);
});

Deno.test("the machine's units are those without --user", async () => {
  const { manager, asked } = fake("system");
  await manager.stop();
  assertEquals(asked, ["stop mesh.service"]);
  assertEquals(systemdFolder("system", "/home/anna", "/x"), "/etc/systemd/system");
  assertEquals(systemdFolder("user", "/home/anna", ""), "/home/anna/.config/systemd/user");
  assertEquals(systemdFolder("user", "/home/anna", "/x"), "/x/systemd/user");
});

Deno.test("without a session bus it is said what to do", async () => {
  const complaint = "Failed to connect to bus: No medium found";
  const { manager } = fake("user", { "daemon-reload": { code: 1, complaint } });
  const error = await assertRejects(() => manager.enable(true), MeshError);
  assertEquals([error.code, error.message], [
    "unavailable",
    "This user's service manager cannot be reached, since there is no session bus: " + complaint,
  ]);
  assertEquals(/loginctl enable-linger/.test(error.hint ?? ""), true);
});

Deno.test("a machine that runs no systemd is told from a unit that fails", async () => {
  const complaint =
    "System has not been booted with systemd as init system (PID 1). Can't operate.; Failed to connect";
  const { manager } = fake("system", { start: { code: 1, complaint } });
  const error = await assertRejects(() => manager.start(), MeshError);
  assertEquals(error.hint, "let what starts programs here run: mesh up");
});

Deno.test("a failed start tells how the daemon ended, not where that could be looked up", async () => {
  const { manager } = fake("user", {
    start: { code: 1, complaint: 'Job for mesh.service failed; See "systemctl status"' },
    show: { stdout: "ActiveState=activating\nResult=exit-code\nExecMainStatus=5\n" },
  });
  const error = await assertRejects(() => manager.start(), MeshError);
  assertEquals(error.message, "mesh.service does not start; it ended with exit code 5");
  assertEquals(error.hint, "journalctl --user --unit mesh");
});

Deno.test("what systemd says of a service is read", () => {
  const text = "ActiveState=active\nSubState=running\nMainPID=12\nNRestarts=3\nResult=success\n" +
    "ActiveEnterTimestamp=Sat 2026-11-21 16:12:13 UTC\nUnitFileState=enabled\n";
  assertEquals(statusIn(text), {
    state: "active (running)",
    running: true,
    enabled: true,
    pid: 12,
    since: "Sat 2026-11-21 16:12:13 UTC",
    restarts: 3,
  });
  assertEquals(statusIn("ActiveState=failed\nSubState=failed\nResult=signal\nExecMainStatus=9\n"), {
    state: "failed",
    running: false,
    enabled: false,
    ended: "signal 9",
  });
});

Deno.test("who does not linger is told so, once it matters", async () => {
  assertEquals(await fake("system").manager.advice(), undefined);
  assertEquals(/enable-linger/.test(await fake("user").manager.advice() ?? ""), true);
});
