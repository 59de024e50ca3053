/**
 * This program and the Python original: on one network in both directions, and on one state directory in
 * turn. Runs where `AGENT_MESH_REFERENCE` names the folder that holds its `mesh.py` and `server.py`.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "./eventually.ts";
import { TestNode } from "./node.ts";

const reference = Deno.env.get("AGENT_MESH_REFERENCE");
const TEXT = 'é 中文 🦝 "quoted" \\ \t/ \u007f';

/** The original on a state directory. */
class Original {
  constructor(readonly state: string) {}

  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
  async run(...args: string[]): Promise<any> {
    const { code, stdout, stderr } = await new Deno.Command("python3", {
      args: [`${reference}/mesh.py`, ...args],
      env: { OPENCLAW_AGENT_MESH_DIR: this.state, PYTHONUTF8: "1" },
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  }

  /** Its output as it is. */
  async text(...args: string[]): Promise<string> {
    const { stdout } = await new Deno.Command("python3", {
      args: [`${reference}/mesh.py`, ...args],
      env: { OPENCLAW_AGENT_MESH_DIR: this.state, PYTHONUTF8: "1" },
    }).output();
    return new TextDecoder().decode(stdout);
  }

  /** Its server, until it is disposed of. */
  async serve(port: number): Promise<AsyncDisposable> {
    const child = new Deno.Command("python3", {
      args: [`${reference}/server.py`, "--host", "127.0.0.1", "--port", `${port}`]
        .concat("--state-dir", this.state),
      env: { PYTHONUTF8: "1" },
      stdout: "null",
      stderr: "null",
    }).spawn();
    await eventually("the original listens", async () => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
      connection?.close();
      return connection !== undefined;
    });
    return {
      async [Symbol.asyncDispose]() {
        child.kill("SIGTERM");
        await child.status;
      },
    };
  }
}

Deno.test({
  name: "this program and the Python original find, approve and message each other",
  ignore: reference === undefined,
  async fn() {
    await using ours = await TestNode.named("ours");
    await using place = await TestNode.empty("theirs");
    const theirs = new Original(place.state);
    const card = await theirs.run(
      ...["init", "--endpoint", place.endpoint, "--agent-id", "theirs", "--display-name", "Py é"],
    );
    await using _daemon = await ours.serve();
    await using _server = await theirs.serve(place.port);

    const found = await ours.json(["scan", `127.0.0.1:${place.port}`, "--timeout", "5s"]);
    assertEquals(found[0].response.agent.fingerprint, card.fingerprint);
    const [seen] = await theirs.run("scan", ours.endpoint);
    assertEquals(seen.response.agent.agent_id, "ours");

    const asked = await theirs.run("request-contact", "--purpose", TEXT, "--send", ours.endpoint);
    assertEquals(asked.response.result.verified, true);
    const sent = await ours.json(["request-contact", place.endpoint, "--purpose", TEXT]);
    assertEquals(sent.response.result.verified, true);
    await ours.run(["approve-request", "theirs"]);
    const [request] = await theirs.run("list-requests");
    assertEquals(request.purpose, TEXT);
    await theirs.run("approve-request", request.request_id);

    const up = await theirs.run("send-message", "--to", "ours", "--text", TEXT, "--send");
    assertEquals(up.response.result.ack.status, "received");
    const down = await ours.json(["send-message", "--to", "theirs", "--text", TEXT, "--send"]);
    assertEquals([down.receipt, down.response.result.verified], ["accepted", true]);
    assertEquals((await ours.json(["list-messages"]))[0].body.text, TEXT);
    assertEquals((await theirs.run("list-messages"))[0].body.text, TEXT);

    const carriedThere = await ours.run(["send-message", "--to", "theirs", "--text", "by hand"]);
    const file = await ours.file("carried.json", carriedThere.stdout);
    assertEquals((await theirs.run("receive-message", file)).verified, true);
    const carriedHere = await theirs.text("send-message", "--to", "ours", "--text", "by hand");
    const back = await ours.file("back.json", carriedHere);
    assertEquals((await ours.json(["receive-message", back])).verified, true);
  },
});

Deno.test({
  name: "this program and the Python original work on one state directory in turn",
  ignore: reference === undefined,
  async fn() {
    await using here = await TestNode.named("here");
    await using there = await TestNode.empty("there");
    const onThere = new Original(there.state);
    await onThere.run("init", "--endpoint", there.endpoint, "--agent-id", "there");
    const onHere = new Original(here.state);

    // Each program asks and is asked on the other's directory, and approves what the other stored.
    {
      await using _daemon = await here.serve();
      await onThere.run("request-contact", "--send", here.endpoint);
    }
    const [request] = await onHere.run("list-requests");
    await onHere.run("approve-request", request.request_id);
    {
      await using _daemon = await there.serve();
      await onHere.run("request-contact", "--send", there.endpoint);
    }
    await there.run(["approve-request", "here"]);

    // Messages stored by one program's server are listed by the other's command.
    {
      await using _server = await onHere.serve(here.port);
      await there.run(["send-message", "--to", "here", "--text", TEXT, "--send"]);
    }
    {
      await using _daemon = await there.serve();
      await onHere.run("send-message", "--to", "there", "--text", TEXT, "--send");
    }
    assertEquals((await here.json(["list-messages"]))[0].body.text, TEXT);
    assertEquals((await onThere.run("list-messages"))[0].body.text, TEXT);

    for (const command of ["discovery", "list-requests", "list-messages"]) {
      const { stdout } = await here.run([command, "--json"]);
      assertEquals(stdout, await onHere.text(command));
    }
  },
});
