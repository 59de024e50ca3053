/**
 * Where plugins ask for replies. OpenClaw would run its agent and hand pieces of its answer to the plugin
 * until the turn is over; here a turn is over when the gateway has the message on disk, and the answer goes
 * out later by itself. So a slow agent holds up no other chat, and an answer outlives a restart.
 *
 * @module
 */
import { fields, method, type Unknown } from "./any.ts";

/** Takes the context of a message; resolves when it is safe. */
export type Take = (ctx: unknown) => Promise<void>;

const NOTHING_SENT = { queuedFinal: false, counts: { tool: 0, block: 0, final: 0 } };

/**
 * The parts of a plugin's runtime that dispatch.
 *
 * @param take Takes a message.
 * @returns `reply` and `inbound`.
 */
export function dispatching(take: Take): { reply: Unknown; inbound: Unknown } {
  const dispatch = async (params: unknown) => {
    const { ctx, ctxPayload } = fields(params);
    await take(ctx ?? ctxPayload);
    return NOTHING_SENT;
  };
  const turn = async (plan: unknown) => {
    const { ctxPayload, runDispatch } = fields(plan);
    const run = typeof runDispatch === "function" ? runDispatch : undefined;
    const dispatchResult = run ? await run() : await dispatch({ ctx: ctxPayload });
    return { admission: { kind: "dispatch" }, dispatched: true, ctxPayload, dispatchResult };
  };
  const run = async (params: unknown) => {
    const { adapter, raw } = fields(params);
    const input = await method(adapter, "ingest")?.(raw) ?? undefined;
    if (input === undefined) return { admission: { kind: "drop" }, dispatched: false };
    const event = await method(adapter, "classify")?.(input) ?? { kind: "message" };
    const ready = await method(adapter, "preflight")?.(input, event) ?? {};
    const { kind } = fields(fields(ready).admission);
    if (kind === "drop" || kind === "handled") {
      return { admission: fields(ready).admission, dispatched: false };
    }
    const result = await turn(await method(adapter, "resolveTurn")?.(input, event, ready));
    await method(adapter, "onFinalize")?.(result);
    return result;
  };
  return {
    reply: {
      dispatchReplyFromConfig: dispatch,
      dispatchReplyWithBufferedBlockDispatcher: dispatch,
      dispatchReplyWithDispatcher: dispatch,
      createReplyDispatcherWithTyping: () => ({
        dispatcher: silentDispatcher(),
        replyOptions: {},
        markDispatchIdle() {},
        markRunComplete() {},
      }),
      withReplyDispatcher: async (params: unknown) => {
        const result = await method(params, "run")?.();
        await method(params, "onSettled")?.();
        return result;
      },
    },
    inbound: { run, dispatch: turn, dispatchReply: turn, runPreparedReply: turn },
  };
}

/** A dispatcher that nobody gives anything to. */
function silentDispatcher(): Unknown {
  return {
    sendFinalReply: () => false,
    sendBlockReply: () => false,
    sendToolResult: () => false,
    waitForIdle: () => Promise.resolve(),
    getQueuedCounts: () => NOTHING_SENT.counts,
    getFailedCounts: () => NOTHING_SENT.counts,
    markComplete() {},
  };
}
