/**
 * Logs of activity for tests.
 *
 * @module
 */
import { logActivity, type LogOptions } from "../../../../lib/ogp/activity/log_activity.ts";
import type { ActivityEvent } from "../../../../lib/ogp/activity/log_activity.ts";
import { type OgpState, openOgpState } from "../../../../lib/ogp/state.ts";
import { Clock, temporaryRoot } from "../../mesh/parties.ts";

/** A log in a folder of its own. */
export interface TestLog extends AsyncDisposable {
  readonly state: OgpState;
  readonly clock: Clock;
  /** Writes an entry about a message with this nonce. */
  log(
    nonce: string,
    event?: Partial<ActivityEvent>,
    options?: Partial<LogOptions>,
  ): Promise<boolean>;
}

/** Makes a log. Its clock stands at 18:05 on 2026-03-12, UTC. */
export async function testLog(): Promise<TestLog> {
  const root = await temporaryRoot();
  const clock = new Clock();
  const state = openOgpState(root.path);
  return {
    state,
    clock,
    async log(nonce, event = {}, options = {}) {
      const whole = {
        direction: "in",
        publicKey: "302a",
        name: "Stan",
        topic: "testing",
        level: "full",
        outcome: "accepted",
        nonce,
        ...event,
      } as const;
      return await logActivity(state, whole, { logging: "on", now: clock.now(), ...options });
    },
    [Symbol.asyncDispose]: root[Symbol.asyncDispose],
  };
}
