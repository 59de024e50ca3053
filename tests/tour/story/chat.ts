/**
 * A page to chat on, in front of an agent.
 *
 * @module
 */
import { expect } from "../../../scripts/demo/failure.ts";
import type { Machine } from "../machine.ts";

const VISIT = new URL("../visit.ts", import.meta.url);

/**
 * Adds the channel, starts it with all the rest, and says something on its page.
 *
 * @param bert Where the agent is.
 */
export async function chat(bert: Machine): Promise<void> {
  await bert.types("mesh ocg channels add --channel webchat", { shows: /was added/ });
  await bert.types("mesh ocg status", { shows: /webchat: not started/ });
  await bert.types("mesh stop", {
    shows:
      /mesh ogp start .*has stopped[^]*mesh up .*has stopped|mesh up .*has stopped[^]*mesh ogp start .*has stopped/,
  });
  await bert.types("mesh up --background", {
    shows: /^mesh up runs .*(?=.*chat channels)(?=.*OGP)(?=.*Agent Mesh V1)/,
  });
  const status = await bert.types("mesh ocg status", { shows: /chat at +http:\/\/\S+#\S+\n/ });
  const [link = ""] = /http:\/\/\S+#\S+/.exec(status) ?? [];
  bert.screen.command(`bert's browser: ${link}`);
  const { success, stdout } = await bert.runs(VISIT, link, "Do you hear me?").output();
  const answer = new TextDecoder().decode(stdout);
  bert.screen.answer(`Bert: Do you hear me?\nAgent: ${answer}`);
  expect(success && /hear me\? I say: yes/.test(answer), "The page did not answer", answer);
}
