import { assertEquals, assertMatch } from "@std/assert";
import { findProgram } from "../../../lib/process/find_program.ts";
import { runProgram } from "../../../lib/process/run.ts";
import { launchdPlist } from "../../../lib/service/launchd_plist.ts";
import { launchd, statusOf } from "../../../lib/service/launchd.ts";
import { AWKWARD } from "./spec.ts";

const PYTHON = await findProgram("python3");

Deno.test({
  name: "a property list says what a parser of property lists reads",
  ignore: PYTHON === undefined,
  async fn() {
    const { stdout, stderr } = await runProgram({
      argv: [
        "python3",
        "-c",
        "import plistlib, json, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))",
      ],
      stdin: launchdPlist({ ...AWKWARD, user: "anna" }),
      timeoutMs: 60_000,
    });
    assertEquals(stderr, "");
    const log = `${AWKWARD.stateDir}/run/mesh-service.log`;
    assertEquals(JSON.parse(stdout), {
      Label: "openclaw-mesh.mesh",
      ProgramArguments: [
        ...AWKWARD.program,
        ...AWKWARD.command,
        "--state-dir",
        AWKWARD.stateDir,
      ],
      UserName: "anna",
      EnvironmentVariables: { PATH: AWKWARD.path },
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 10,
      ExitTimeOut: 30,
      ProcessType: "Background",
      Umask: 63,
      StandardOutPath: log,
      StandardErrorPath: log,
    });
  },
});

Deno.test("a property list escapes what XML reserves", () => {
  assertMatch(launchdPlist(AWKWARD), /state \$HOME &lt;&amp;&gt; \\ 'x'<\/string>/);
});

/** A launchctl that knows whether the service is loaded. */
function fake(loaded: boolean) {
  const asked: string[] = [];
  const manager = launchd({
    name: "mesh",
    scope: "user",
    folder: "/Users/anna/Library/LaunchAgents",
    uid: 501,
    stateDir: "/state",
    ask: ([, ...args]) => {
      asked.push(args.join(" "));
      if (args[0] === "bootout") loaded = false;
      if (args[0] === "bootstrap") loaded = true;
      const code = args[0] === "print" && !loaded ? 113 : 0;
      return Promise.resolve({ code, stdout: "", complaint: "" });
    },
  });
  return { manager, asked };
}

const TARGET = "gui/501/openclaw-mesh.mesh";
const LIST = "/Users/anna/Library/LaunchAgents/openclaw-mesh.mesh.plist";

Deno.test("a list that was loaded is unloaded first, or it would not be read again", async () => {
  const { manager, asked } = fake(true);
  await manager.enable(true);
  assertEquals(asked, [
    `bootout ${TARGET}`,
    `enable ${TARGET}`,
    `print ${TARGET}`,
    `bootstrap gui/501 ${LIST}`,
  ]);
});

Deno.test("a service that is stopped is not started again by launchd itself", async () => {
  const { manager, asked } = fake(true);
  await manager.stop();
  assertEquals(asked, [`bootout ${TARGET}`]);
  await manager.start();
  assertEquals(asked.slice(1), [`print ${TARGET}`, `bootstrap gui/501 ${LIST}`]);
  await manager.restart();
  assertEquals(asked.at(-1), `kickstart -k ${TARGET}`);
});

Deno.test("what launchd says of a service is read", () => {
  const running = [
    `${TARGET} = {`,
    "\tactive count = 1",
    `\tpath = ${LIST}`,
    "\tstate = running",
    "\truns = 1",
    "\tpid = 4711",
    "\tlast exit code = (never exited)",
    "\tspawn type = daemon (3)",
    "\tresource coalition = {",
    "\t\tstate = active",
    "\t}",
    "}",
  ].join("\n");
  assertEquals(statusOf(running), { state: "running", running: true, enabled: true, pid: 4711 });
  const ended = "\tstate = spawn scheduled\n\tlast exit code = 7\n";
  assertEquals(statusOf(ended), {
    state: "spawn scheduled",
    running: false,
    enabled: true,
    ended: "exit code 7",
  });
});
