import { assertEquals } from "@std/assert";
import { createProject } from "../../../../lib/ogp/projects/membership.ts";
import { befriend, stranger, testGateway } from "../gateways.ts";
import { type OgpVector, readVectors } from "../../../conformance/ogp_vectors.ts";
import { says } from "./team.ts";

/** What differs each time: ids and times. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === "string") {
    return /^\d{4}-.*Z$/.test(value)
      ? "<time>"
      : /-\d{13}$|^[0-9a-f]{24}$/.test(value)
      ? "<id>"
      : value;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

function messageOf({ request }: OgpVector) {
  return JSON.parse(request.body ?? "").message;
}

const STORIES: [dialect: "0.2" | "0.7", name: string, description: string, story: string[]][] = [
  ["0.7", "Proj One", "d", [
    ...["project-join", "project-contribute", "project-contribute-legacy-topic"],
    ...["project-query", "project-status"],
  ]],
  ["0.7", "ProjTwo", "desc", [
    "cli-message-project.join-to-beta-200",
    "cli-message-project.contribute-to-beta-200",
    "cli-message-project.query-to-beta-200",
    "cli-message-project.status-to-beta-200",
  ]],
  ["0.2", "P1", "", ["project-join", "project-contribute", "project-query", "project-status"]],
];

for (const [dialect, name, description, story] of STORIES) {
  Deno.test(`OGP ${dialect}: project ${name} is answered as in the recordings`, async () => {
    await using gateway = await testGateway();
    const { node, clock } = gateway;
    const vectors = new Map(readVectors(dialect).map((vector) => [vector.name, vector]));
    const sender = stranger();
    const gatewayUrl = "http://127.0.1.1:18801";
    const peer = await befriend(gateway, sender, { dialect, gatewayUrl });
    const callsItself = dialect === "0.2" ? "127.0.1.1:18801" : sender.id;
    const first = messageOf(vectors.get(story[0] ?? "")!);
    const id = first.payload.projectId;
    await createProject(node, { id, name, description, joining: "open" });
    for (const step of story) {
      const vector = vectors.get(step)!;
      const { intent, payload, from } = messageOf(vector);
      const body = JSON.parse(vector.response.body.replaceAll(from, callsItself));
      const recorded = body.response ?? body;
      clock.pass(1000);
      const answer = await says(gateway, peer, { intent, payload });
      // We are a member of our own projects, and say so.
      if (answer.project) answer.project.members.shift();
      if (payload.projectDescription || intent === "project.join") delete answer.projectDescription;
      // 0.2 has no entry types, and does not mind.
      const ours = dialect === "0.2" ? withoutTypes(answer) : answer;
      assertEquals([step, shapeOf(ours)], [step, shapeOf(recorded)]);
    }
  });
}

function withoutTypes(answer: Record<string, unknown>): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value) => key === "entryType" ? undefined : value),
  );
}
