/**
 * An agent as small as one can be: it answers chat completions, streamed or whole, with what it was asked.
 * It listens where Ollama does, and says so once it does.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- whoever starts it waits for that line

/** What is asked of it. */
interface Question {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

async function answer(request: Request): Promise<Response> {
  if (request.method === "GET") return Response.json({ data: [{ id: "llama3.2" }] });
  const { model, stream, messages } = await request.json() as Question;
  // What a peer says comes in a frame; the last line with a question mark is the question.
  const asked = messages.at(-1)?.content.split("\n").findLast((line) => line.includes("?")) ?? "";
  const content = `You asked: ${asked.trim()} I say: yes.`;
  if (!stream) {
    return Response.json({ model, choices: [{ message: { role: "assistant", content } }] });
  }
  const events = [{ choices: [{ index: 0, delta: { content } }] }].map((event) =>
    `data: ${JSON.stringify(event)}\n\n`
  );
  return new Response(`${events.join("")}data: [DONE]\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
}

if (import.meta.main) {
  const onListen = () => console.log("listening");
  Deno.serve({ hostname: "127.0.0.1", port: 11434, onListen }, answer);
}
