/**
 * Plugins that dispatch by functions of OpenClaw's SDK rather than by their runtime: the modules of those
 * functions are given to them with ours in place.
 *
 * @module
 */
import * as module from "node:module";
import { method, type Unknown } from "./any.ts";

/** By module of `openclaw/plugin-sdk`: the functions, and which of ours stand for them. */
const REPLACED: Readonly<Record<string, Readonly<Record<string, "turn" | "run" | "dispatch">>>> = {
  "channel-inbound": {
    dispatchChannelInboundTurn: "turn",
    dispatchChannelInboundReply: "turn",
    runPreparedInboundReply: "turn",
    runChannelInboundEvent: "run",
  },
  "reply-runtime": {
    dispatchReplyFromConfig: "dispatch",
    dispatchReplyWithBufferedBlockDispatcher: "dispatch",
    dispatchReplyWithDispatcher: "dispatch",
  },
  "reply-dispatch-runtime": {
    dispatchReplyWithBufferedBlockDispatcher: "dispatch",
    dispatchReplyWithDispatcher: "dispatch",
  },
  "inbound-reply-dispatch": {
    dispatchInboundReplyWithBase: "dispatch",
    recordInboundSessionAndDispatchReply: "dispatch",
  },
};

const SDK = "openclaw/plugin-sdk/";
const SCHEME = "mesh-sdk:";
const OURS = Symbol.for("mesh.plugin-host");

interface Next {
  (specifier: string, context?: unknown): { url: string };
}

/**
 * Puts our functions in place, for what is loaded from now on.
 *
 * @param dispatching `reply` and `inbound` of the runtime.
 * @param dispatching.reply Where replies are asked for.
 * @param dispatching.inbound Where turns are run.
 * @returns Whether this runtime can do that.
 */
export function replaceDispatch({ reply, inbound }: { reply: Unknown; inbound: Unknown }): boolean {
  const register = method(module, "registerHooks");
  if (!register) return false;
  Object.assign(globalThis, {
    [OURS]: { turn: inbound.dispatch, run: inbound.run, dispatch: reply.dispatchReplyFromConfig },
  });
  register({
    resolve(specifier: string, context: { parentURL?: string }, next: Next) {
      const name = specifier.startsWith(SDK) ? specifier.slice(SDK.length) : "";
      if (!Object.hasOwn(REPLACED, name) || context.parentURL?.startsWith(SCHEME)) {
        return next(specifier, context);
      }
      const { url } = next(specifier, context);
      return { url: `${SCHEME}${name}?${encodeURIComponent(url)}`, shortCircuit: true };
    },
    load(url: string, context: unknown, next: Next) {
      if (!url.startsWith(SCHEME)) return next(url, context);
      const [name = "", real = ""] = url.slice(SCHEME.length).split("?");
      return { format: "module", source: sourceOf(name, real), shortCircuit: true };
    },
  });
  return true;
}

function sourceOf(name: string, real: string): string {
  const ours = `globalThis[Symbol.for("mesh.plugin-host")]`;
  const lines = Object.entries(REPLACED[name] ?? {})
    .map(([fn, which]) => `export const ${fn} = (...args) => ${ours}.${which}(...args);`);
  return [`export * from ${JSON.stringify(decodeURIComponent(real))};`, ...lines].join("\n");
}
