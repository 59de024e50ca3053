import { assertArrayIncludes, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TestNode } from "./node.ts";

Deno.test("two strangers find, approve, message and part from each other", async (t) => {
  await using ann = await TestNode.empty("ann");
  await using bob = await TestNode.empty("bob");
  const fingerprints: Record<string, string> = {};

  await t.step("each makes an identity", async () => {
    for (const node of [ann, bob]) {
      const identity = ["--agent-id", node.id, "--display-name", node.name];
      const { stdout, stderr } = await node.run(["init", ...identity, "--endpoint", node.endpoint]);
      assertStringIncludes(stdout, `This node is ${node.name} (${node.id}).`);
      assertStringIncludes(stdout, node.state);
      assertStringIncludes(stderr, "next: mesh up");
      fingerprints[node.id] = /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? "";
      const { mode } = await Deno.stat(`${node.state}/private_key.pem`);
      if (mode !== null) assertEquals(mode & 0o777, 0o600);
    }
  });

  await using annServes = await ann.serve();
  await using bobServes = await bob.serve();
  let request = "";

  await t.step("ann finds bob, who is new to her", async () => {
    const { stdout, stderr } = await ann.run(["scan", `127.0.0.1:${bob.port}`]);
    assertMatch(stdout, new RegExp(`Bob \\(bob\\) +${bob.endpoint} .+ new\n$`));
    assertStringIncludes(stderr, "1 agent found, 1 of 1 addresses asked");
    assertStringIncludes(stderr, "next: mesh request-contact ENDPOINT");
  });

  await t.step("ann asks for contact, and sees both fingerprints", async () => {
    const purpose = ["--purpose", "shared calendar"];
    const { stdout } = await ann.run(["request-contact", bob.endpoint, ...purpose]);
    assertStringIncludes(stdout, "Bob (bob) has the request req_");
    assertStringIncludes(stdout, `its fingerprint   ${fingerprints.bob}`);
    assertStringIncludes(stdout, `your fingerprint  ${fingerprints.ann}`);
    const { stdout: table } = await ann.run(["scan", bob.endpoint]);
    assertMatch(table, / requested\n$/);
  });

  await t.step("before he approves, bob refuses what she writes", async () => {
    const { stderr } = await ann.run(["send-message", "--to", "bob", "--text", "hi", "--send"], {
      code: 3,
    });
    assertStringIncludes(stderr, 'No trusted peer is called "bob"');
    assertStringIncludes(stderr, "hint: mesh peers list");
  });

  await t.step("bob's daemon tells of the request, and his list shows it", async () => {
    const { request_id } = await bobServes.heard("contact");
    request = request_id;
    const { stdout, stderr } = await bob.run(["list-requests"]);
    assertMatch(stdout, new RegExp(`${request} +Ann \\(ann\\) .+ pending .+ shared calendar\n`));
    assertStringIncludes(stderr, "mesh approve-request REQUEST");
  });

  await t.step("bob approves by the beginning of the id, and asks back in one go", async () => {
    const { stdout } = await bob.run(["approve-request", request.slice(0, 12), "--request-back"]);
    assertStringIncludes(stdout, "Ann (ann) is trusted now.");
    assertStringIncludes(stdout, `fingerprint  ${fingerprints.ann}`);
    assertStringIncludes(stdout, "shared calendar");
    assertStringIncludes(stdout, `asked back   at ${ann.endpoint}`);
    await annServes.heard("contact");
    const { stdout: list } = await bob.run(["list-requests"]);
    assertMatch(list, / approved /);
  });

  await t.step("ann approves him by his agent id", async () => {
    const { stdout } = await ann.run(["approve-request", "bob"]);
    assertStringIncludes(stdout, "Bob (bob) is trusted now.");
    const { stdout: table } = await ann.run(["scan", bob.endpoint]);
    assertMatch(table, / trusted\n$/);
  });

  await t.step("both see the same number, and remember that they compared it", async () => {
    const numbers = [];
    for (const [node, other] of [[ann, "bob"], [bob, "ann"]] as const) {
      const { stdout, stderr } = await node.run(["peers", "verify", other]);
      assertStringIncludes(stderr, `mesh peers verify ${other} --matched`);
      numbers.push(stdout.match(/\b\d{5}\b/g)?.join(" "));
    }
    assertEquals(numbers[0]?.length, 71);
    assertEquals(numbers[0], numbers[1]);
    assertMatch((await ann.run(["peers", "show", "bob"])).stdout, /verified +no: mesh peers/);
    const { stdout } = await ann.run(["peers", "verify", "Bob", "--matched"]);
    assertStringIncludes(stdout, "Remembered: Bob (bob) is verified.");
    const today = new Date().toISOString().slice(0, 4);
    assertMatch((await ann.run(["peers", "show", "bob"])).stdout, RegExp(`verified +${today}`));
    assertMatch((await ann.run(["peers", "list"])).stdout, RegExp(`bob .+ ${today}\\S+\n$`));
    assertMatch((await bob.run(["peers", "list"])).stdout, / no\n$/);
  });

  await t.step("they write to each other: text from a flag, from stdin, from a file", async () => {
    const send = ["send-message", "--send"];
    const flag = await ann.run([...send, "--to", "bob", "--text", "from a flag"]);
    assertMatch(flag.stdout, /^Accepted by Bob \(bob\): msg_[0-9a-f]{32}\n$/);
    await ann.run([...send, "--to", "b"], { stdin: "from stdin\n" });
    await ann.run([...send, "--to", "bob", "--file", "-"], { stdin: "two\nlines\n" });
    const file = await bob.file("note.txt", "from a file: ∑ ☃ 𝄞");
    await bob.run([...send, "--to", "Ann", "--file", file]);
    const { stdout: toBob } = await bob.run(["list-messages"]);
    assertArrayIncludes(toBob.split("\n"), ["  from a flag", "  from stdin", "  two", "  lines"]);
    assertEquals(toBob.match(/ Ann \(ann\) +msg_/g)?.length, 3);
    const { stdout: toAnn } = await ann.run(["list-messages"]);
    assertMatch(toAnn, / Bob \(bob\) +msg_[0-9a-f]{32}\n {2}from a file: ∑ ☃ 𝄞\n$/);
    const [{ message_id }] = await bob.json(["list-messages"]);
    await bobServes.heard("message", (event) => event.message_id === message_id);
  });

  await t.step("ann ends it: bob is refused at once, and keeps what he wanted to say", async () => {
    const { stdout } = await ann.run(["peers", "remove", "bob"]);
    assertStringIncludes(stdout, "bob is not trusted any more");
    const words = ["send-message", "--to", "ann", "--text", "still there?", "--send"];
    const { stderr } = await bob.run(words, { code: 4 });
    assertStringIncludes(stderr, 'not_trusted: "bob" is not trusted here');
    assertStringIncludes(stderr, "hint: mesh queue retry msg_");
    assertEquals((await ann.json(["list-messages"])).length, 1);
    const { stdout: table } = await ann.run(["scan", bob.endpoint]);
    assertMatch(table, / requested\n$/);
  });

  await t.step("each decision is in the audit log", async () => {
    const folder = `${ann.state}/audit`;
    const days = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    const text = await Promise.all(days.sort().map((day) => Deno.readTextFile(`${folder}/${day}`)));
    const events = text.join("").trimEnd().split("\n").map((line) => JSON.parse(line).event);
    assertEquals(events, [
      "identity.created",
      "contact.approved",
      "peer.verified",
      "peer.removed",
      "message.refused",
    ]);
  });

  await t.step("both daemons end, and leave nothing running behind", async () => {
    for (const [node, daemon] of [[ann, annServes], [bob, bobServes]] as const) {
      assertEquals((await daemon.stop("SIGTERM", 5_000)).code, 0);
      const left = await Array.fromAsync(Deno.readDir(`${node.state}/run`), ({ name }) => name);
      assertEquals(left, ["serve.log"]);
    }
    const faults = [...annServes.events, ...bobServes.events].filter(({ kind }) =>
      kind === "fault"
    );
    assertEquals(faults, []);
  });
});
