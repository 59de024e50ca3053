/**
 * A plugin that hands its channel out, as the entry of a package: it asks for replies by the runtime that it
 * was given, by way of a turn, or by a function of the SDK.
 */
// Where it is when it is installed, there is an OpenClaw; here there is none.
const SDK = "openclaw/plugin-sdk";
const { dispatchChannelInboundTurn, untouched } = await import(`${SDK}/channel-inbound`);

let runtime;

async function startAccount({ account, abortSignal, setStatus }) {
  setStatus({ running: true });
  const context = (text, id) => ({
    From: "fake:anna",
    OriginatingTo: "fake:c2c:anna",
    BodyForAgent: text,
    MessageSid: id,
    MediaType: "image/png",
  });
  const deliver = () => {
    throw new Error("nobody delivers within a turn");
  };
  const byRuntime = await runtime.channel.inbound.run({
    raw: {},
    adapter: {
      ingest: () => ({ id: "1" }),
      resolveTurn: () => ({
        ctxPayload: context("by the runtime", "1"),
        runDispatch: () =>
          runtime.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
            ctx: context("by the runtime", "1"),
            dispatcherOptions: { deliver },
          }),
      }),
    },
  });
  const ctxPayload = context("  ", "2");
  const bySdk = await dispatchChannelInboundTurn({ ctxPayload, delivery: { deliver } });
  const told = [byRuntime.dispatched, bySdk.dispatched, untouched].join(" ");
  await fetch(`${account.platform}/confirmed`, { method: "POST", body: told });
  await new Promise((resolve) => abortSignal.addEventListener("abort", resolve));
}

const channel = {
  id: "fake",
  meta: { label: "Fake Chat" },
  config: { listAccountIds: () => [], resolveAccount: (cfg) => cfg.channels.fake },
  outbound: { sendText: () => ({ messageId: "1" }), sendMedia: () => ({ messageId: "2" }) },
  gateway: { startAccount },
};

export default {
  loadChannelPlugin: () => channel,
  setChannelRuntime: (given) => runtime = given,
};
