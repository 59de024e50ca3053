/**
 * A plugin that registers its channel, as the entry of a package. Its platform is a server of the test, and
 * its manners are settings: `how` says what it does wrong.
 */
import { appendFileSync } from "node:fs";
// Where it is when it is installed, there is an OpenClaw; here there is none.
const SDK = "openclaw/plugin-sdk";
const { greeting } = await import(`${SDK}/greeting`);

const settingsOf = (cfg) => cfg.channels.fake;

async function startAccount(ctx) {
  const { account, abortSignal, channelRuntime, log, setStatus } = ctx;
  const { how, platform } = account;
  log.info(`${greeting} account ${ctx.accountId}`);
  if (how === "throws at the start") throw new Error(`the token ${account.botToken} is wrong`);
  if (how === "prints megabytes") {
    for (let i = 0; i < 40; i++) process.stdout.write("x".repeat(100_000) + "\n");
    process.stdout.write("y".repeat(3_000_000));
  }
  if (how === "hangs") {
    setStatus({ running: true });
    setTimeout(() => {
      for (;;) { /* Nothing gets through any more. */ }
    }, 50);
  }
  if (how === "asks for too much") channelRuntime.telepathy.read("thoughts");
  setStatus({ running: true, connected: true, self: "@fake" });
  while (how === "ignores the stop" || !abortSignal.aborted) {
    const answer = await fetch(`${platform}/updates`, { signal: stoppable(how, abortSignal) })
      .catch(() => undefined);
    const messages = answer?.ok ? await answer.json() : [];
    if (!answer) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const message of messages) await handle(message, ctx);
  }
}

function stoppable(how, signal) {
  return how === "ignores the stop" ? undefined : signal;
}

async function handle(message, { cfg, account, accountId, channelRuntime }) {
  if (message.text === "die") process.exit(7);
  if (message.text === "die later") setTimeout(() => process.exit(7), 100);
  if (message.text === "talk nonsense") {
    appendFileSync("/dev/fd/1", 'nonsense\n{"say":"message"}\n{"id":1}\n{"say":{}}\n[1,2\n');
  }
  await channelRuntime.reply.dispatchReplyFromConfig({
    ctx: {
      From: `fake:${message.from}`,
      OriginatingTo: `fake:${message.chat ?? message.from}`,
      Body: `[envelope] ${message.text}`,
      RawBody: message.text,
      ChatType: message.chat ? "group" : "direct",
      WasMentioned: message.mentioned,
      SenderId: message.from,
      SenderName: message.name,
      AccountId: accountId,
      MessageSid: message.id,
      Timestamp: 1_790_000_000_000,
    },
    cfg,
  });
  await fetch(`${account.platform}/confirmed`, { method: "POST", body: String(message.id) });
}

async function sendText({ cfg, to, text, replyToId }) {
  if (text === "too fast") throw new Error("429 slow down");
  if (text === "quietly wrong") return { messageId: "", meta: { error: "no such user" } };
  const body = JSON.stringify({ to, text, replyToId });
  const answer = await fetch(`${settingsOf(cfg).platform}/send`, { method: "POST", body });
  return { channel: "fake", messageId: await answer.text() };
}

const channel = {
  id: "fake",
  meta: { id: "fake", label: "Fake Chat" },
  config: {
    listAccountIds: () => ["default"],
    resolveAccount: (cfg) => settingsOf(cfg),
    isConfigured: (account) => account.how !== "has no token",
  },
  outbound: { deliveryMode: "direct", textChunkLimit: 1234, sendText },
  messaging: {
    normalizeTarget: (target) => target.startsWith("fake:") ? target : `fake:${target}`,
  },
  gateway: {
    startAccount,
    loginWithQrStart: () => {
      process.stdout.write("Printed where the code is\n");
      return { qrDataUrl: "https://fake.example/qr", message: "Scan it", sessionKey: "s1" };
    },
    loginWithQrWait: ({ sessionKey }) => ({
      connected: sessionKey === "s1",
      message: "Welcome",
      accountId: "default",
    }),
  },
};

export default {
  id: "fake",
  name: "Fake",
  register(api) {
    if (api.registrationMode !== "full") throw new Error("not like this");
    api.registerTool({ name: "useless" });
    api.registerChannel({ plugin: channel });
  },
};
