import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Known, planUp } from "../../../commands/up_plan.ts";
import { MeshError } from "../../../lib/error.ts";

const ALL: Known = { identity: true, ogp: true, ocg: true, admin: true, running: [] };

function running(name: string, pid = 4711) {
  return { name, pid, host: "127.0.0.1", port: 1, started_at: "2026-01-31T18:00:00Z" };
}

function refusal(known: Known): MeshError {
  return assertThrows(() => planUp(known), MeshError);
}

Deno.test("everything that is configured runs", () => {
  const { run, notes } = planUp(ALL);
  assertEquals([[...run], notes], [["mesh", "ogp", "ocg", "admin"], []]);
});

Deno.test("what is not configured does not, and the command that changes it is named", () => {
  const { run, notes } = planUp({ ...ALL, ogp: false, ocg: false, admin: false });
  assertEquals([...run], ["mesh"]);
  assertEquals(notes, [
    "OGP does not run: mesh ogp setup",
    "The channel gateway does not run: mesh ocg channels add --channel webchat",
  ]);
});

Deno.test("what was asked for runs, configured or not, and nothing else", () => {
  const { run, notes } = planUp({ ...ALL, ogp: false, only: ["ogp", "admin"] });
  assertEquals([[...run], notes], [["ogp", "admin"], []]);
});

Deno.test("chat channels need no identity, the rest does", () => {
  assertEquals([...planUp({ ...ALL, identity: false }).run], ["ocg", "admin"]);
  const { code, hint } = refusal({ ...ALL, identity: false, only: ["mesh"] });
  assertEquals([code, hint], ["not_initialized", "mesh init"]);
  assertEquals(refusal({ ...ALL, identity: false, ocg: false }).code, "not_initialized");
});

Deno.test("what runs in another process is left there", () => {
  const { run, notes } = planUp({ ...ALL, running: [running("ogp")] });
  assertEquals([...run], ["mesh", "ocg", "admin"]);
  assertStringIncludes(notes[0] ?? "", "OGP runs already, in process 4711");
  const others = [running("serve"), running("ogp"), running("ocg")];
  assertEquals(refusal({ ...ALL, running: others }).code, "exists");
  const { code, message } = refusal({ ...ALL, running: [running("up")] });
  assertEquals([code, message], ["exists", "mesh up runs already (process 4711)"]);
});

Deno.test("the admin surface alone is refused with what would run, not with what is not configured", () => {
  const known = { identity: true, ogp: false, ocg: false, admin: true, running: [] };
  const error = assertThrows(
    () => planUp({ ...known, only: ["admin"] }),
    MeshError,
    "admin surface",
  );
  assertEquals([error.code, error.hint], ["usage", "mesh up --only mesh,admin"]);
});
