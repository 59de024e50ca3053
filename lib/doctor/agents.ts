/**
 * Whether the owner's agents can be reached: each target that messages are handed to is really asked.
 *
 * @module
 */
import { messageOf } from "../error.ts";
import { notifyConfig } from "../notify/config.ts";
import type { NotifyConfig, TargetConfig } from "../notify/config_types.ts";
import { openTarget } from "../notify/open_target.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import { continued } from "./words.ts";

const MEND = 'mend "notify" in config.json in the state directory';

/** Looks at the targets of the `notify` section. */
export const agents: Check = {
  name: "agents",
  async run({ ogp }, signal) {
    let config: NotifyConfig;
    try {
      config = await notifyConfig(ogp.store).read();
    } catch (error) {
      return failure(messageOf(error), MEND);
    }
    const targets = Object.entries(config.targets);
    if (targets.length > 0) {
      return await Promise.all(targets.map(([name, target]) => verdictOf(name, target, signal)));
    }
    if ((await ogp.peers.ids()).length === 0) return [];
    return ok("Messages of gateways are stored and not handed on to any agent");
  },
};

async function verdictOf(
  name: string,
  config: TargetConfig,
  signal: AbortSignal,
): Promise<Verdict> {
  const who = `Target "${name}" (${config.type})`;
  try {
    const checked = await (await openTarget(config)).check?.({ signal });
    if (!checked) return ok(`${who} is configured`);
    const { ok: sound, detail } = checked;
    return sound
      ? ok(`${who}: ${continued(detail)}`)
      : warning(`${who}: ${continued(detail)}`, MEND);
  } catch (error) {
    return warning(`${who}: ${continued(messageOf(error))}`, MEND);
  }
}
