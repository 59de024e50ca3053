import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { findProgram } from "../../../lib/process/find_program.ts";
import { runProgram } from "../../../lib/process/run.ts";
import { systemdUnit } from "../../../lib/service/systemd_unit.ts";
import { AWKWARD } from "./spec.ts";

const ANALYZE = await findProgram("systemd-analyze");

/** The values of a key of a unit, in order. */
function values(unit: string, key: string): string[] {
  return unit.split("\n").filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));
}

Deno.test("a unit runs the command on the state directory, whatever is in their names", () => {
  const unit = systemdUnit(AWKWARD);
  assertEquals(values(unit, "ExecStart"), [
    String
      .raw`"/opt/my programs/100%%/mesh" --with "a \"word\"" serve --port 8790 --state-dir ` +
    String.raw`"/home/anna/state $$HOME <&> \\ 'x'"`,
  ]);
  assertEquals(values(unit, "Environment"), ['"PATH=/usr/bin:/home/anna/my bin"']);
});

Deno.test("it counts as started when the daemon of this very process listens", () => {
  const [wait = ""] = values(systemdUnit(AWKWARD), "ExecStartPost");
  assertMatch(wait, / service ready --state-dir .* --daemon serve --pid \$MAINPID --timeout 80s$/);
});

Deno.test("a unit starts again after failures, but not after those that would only be repeated", () => {
  const unit = systemdUnit(AWKWARD);
  assertEquals(values(unit, "Restart"), ["on-failure"]);
  assertEquals(values(unit, "RestartPreventExitStatus"), ["2 3"]);
});

Deno.test("a user's unit asks for nothing that only the machine's manager can do", () => {
  const unit = systemdUnit(AWKWARD);
  for (const key of ["ProtectSystem", "PrivateTmp", "User", "CapabilityBoundingSet"]) {
    assertEquals(values(unit, key), [], key);
  }
  assertEquals(values(unit, "NoNewPrivileges"), ["yes"]);
});

Deno.test("a unit of the machine may write to its state, and where its owner says", () => {
  const unit = systemdUnit({
    ...AWKWARD,
    scope: "system",
    user: "anna",
    writable: ["/srv/notes", "/srv/my notes"],
  });
  assertEquals(values(unit, "User"), ["anna"]);
  assertEquals(values(unit, "ProtectSystem"), ["strict"]);
  assertEquals(values(unit, "ReadWritePaths"), [
    String.raw`"/home/anna/state $HOME <&> \\ 'x'" /srv/notes "/srv/my notes"`,
  ]);
  assertEquals(values(unit, "PrivateTmp"), ["yes"]);
  assertEquals(values(unit, "WantedBy"), ["multi-user.target"]);
});

Deno.test("a state in the machine's temporary folder stays in sight", () => {
  const unit = systemdUnit({ ...AWKWARD, scope: "system", user: "anna", stateDir: "/tmp/mesh" });
  assertEquals(values(unit, "PrivateTmp"), []);
});

Deno.test("V8 may go on compiling", () => {
  for (const scope of ["user", "system"] as const) {
    const unit = systemdUnit({ ...AWKWARD, scope });
    assert(!unit.includes("MemoryDenyWriteExecute"));
  }
});

Deno.test("a path with a line break makes no unit", () => {
  assertThrows(
    () => systemdUnit({ ...AWKWARD, stateDir: "/tmp/x\nExecStart=/bin/evil" }),
    Error,
    "A service cannot be told",
  );
});

Deno.test({
  name: "systemd has nothing to say against units of either kind",
  ignore: ANALYZE === undefined,
  async fn(t) {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      // What verifies looks whether the program is there.
      const program = [await findProgram("sh") ?? "/bin/sh"];
      for (const scope of ["user", "system"] as const) {
        await t.step(scope, async () => {
          const path = `${folder}/mesh-${scope}.service`;
          const spec = { ...AWKWARD, program, scope, stateDir: `${folder}/my %h state` };
          await Deno.writeTextFile(
            path,
            systemdUnit({ ...spec, ...(scope === "system" ? { user: "root" } : {}) }),
          );
          const { end, stdout, stderr } = await runProgram({
            argv: [
              "systemd-analyze",
              ...(scope === "user" ? ["--user"] : []),
              "verify",
              "--man=no",
              path,
            ],
            env: { XDG_RUNTIME_DIR: folder },
            timeoutMs: 60_000,
          });
          const said = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("mesh"));
          assertEquals([said, end], [[], { kind: "exited", code: 0 }], stderr);
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
