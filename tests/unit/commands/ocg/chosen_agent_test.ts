import { assertEquals } from "@std/assert";
import { chosenAccount } from "../../../../commands/ocg/chosen_agent.ts";
import { DEFAULT_AGENT_URL } from "../../../../lib/ocg/accounts.ts";
import { parseOcgConfig } from "../../../../lib/ocg/config.ts";

const ONE = "http://127.0.0.1:1/v1/chat/completions";
const TWO = "http://127.0.0.1:2/v1/chat/completions";
const none = () => undefined;

function chosen(config: unknown, flags = {}) {
  const parsed = parseOcgConfig(JSON.stringify(config));
  const { agent, async } = chosenAccount(parsed.config, none, "terminal", flags);
  return { url: agent.url, model: agent.model, apiKey: agent.apiKey, async };
}

Deno.test("without an agent for all, a conversation is with the one that the channels talk to", () => {
  const webchat = { agentUrl: ONE, apiKey: "key", model: "small", async: true };
  const own = { url: ONE, model: "small", apiKey: "key", async: true };
  assertEquals(chosen({ channels: { webchat } }), own);
  assertEquals(chosen({ channels: { webchat } }, { model: "big" }), { ...own, model: "big" });
  const other = { url: TWO, model: undefined, apiKey: undefined, async: false };
  assertEquals(chosen({ channels: { webchat } }, { agentUrl: TWO }), other);
  assertEquals(chosen({ agentUrl: TWO, channels: { webchat } }), other);
  const ollama = { ...other, url: DEFAULT_AGENT_URL };
  assertEquals(chosen({ agentUrl: DEFAULT_AGENT_URL, channels: { webchat } }), ollama);
});

Deno.test("of two agents of channels none is guessed to be meant", () => {
  const channels = { webchat: { agentUrl: ONE }, telegram: { agentUrl: TWO } };
  assertEquals(chosen({ channels }).url, DEFAULT_AGENT_URL);
});
