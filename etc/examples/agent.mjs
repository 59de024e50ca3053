/**
 * The smallest agent for asynchronous chats, for Node 18 or newer, without any package: it takes a question,
 * says at once that it did, and brings the answer to the callback when it has one.
 *
 *     node agent.mjs                                  # listens on http://127.0.0.1:8080
 *     CALLBACK_SECRET=… node agent.mjs                # signs what it brings
 *
 * In ocg.json: "agentUrl": "http://127.0.0.1:8080/v1/chat/completions", "async": true, and, if it signs,
 * the same secret as "callbackSecret".
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import process from "node:process";

const secret = process.env.CALLBACK_SECRET;
const port = Number(process.env.PORT ?? 8080);

/** The work. Put your own here; it may take hours. */
async function answer(question) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return `You said: ${question}`;
}

const server = createServer(async (request, response) => {
  const callback = request.headers["x-ocg-callback"];
  if (request.method !== "POST" || callback === undefined) {
    response.writeHead(400).end("Expected a POST with X-OCG-Callback\n");
    return;
  }
  let question;
  try {
    question = JSON.parse(await bodyOf(request)).messages.at(-1).content;
  } catch {
    response.writeHead(400).end("Expected a chat completion request\n");
    return;
  }
  response.writeHead(202, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ status: "accepted" }));
  try {
    await bring(callback, { reply: await answer(question) });
  } catch (error) {
    await bring(callback, { reply: `That did not work: ${error.message}`, isError: true });
  }
});

/** Posts the answer, again and again while nobody is there to take it. */
async function bring(callback, answer) {
  const body = JSON.stringify(answer);
  const headers = { "Content-Type": "application/json" };
  if (secret !== undefined) {
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    headers["X-OCG-Signature"] = `sha256=${signature}`;
  }
  for (let wait = 1; wait <= 512; wait *= 2) {
    const response = await fetch(callback, { method: "POST", headers, body }).catch(() =>
      undefined
    );
    if (response?.ok) return say("brought an answer");
    // What is refused once is refused for ever, such as a wrong signature or a token whose time is over.
    if (response && response.status < 500) {
      return say(`the answer is not wanted: ${response.status} ${await response.text()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
  say("gave an answer up: nobody took it");
}

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

server.listen(port, "127.0.0.1", () => {
  say(`listening on http://127.0.0.1:${server.address().port}/v1/chat/completions`);
});
