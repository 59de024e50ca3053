/**
 * Loaded before the host: leads plugins whose addresses are fixed to the platform of the test, whose base URL
 * is in the query of this module's own.
 */
import { registerHooks } from "node:module";

const base = new URL(import.meta.url).searchParams.get("to");

/** What is found in the files of a package, and what is put in its place. */
const CHANGES = {
  "/@openclaw/qqbot/": [
    ["https://bots.qq.com", base],
    ["https://api.sgroup.qq.com", base],
    ['hostnameAllowlist: ["bots.qq.com"]', 'hostnameAllowlist: ["127.0.0.1"]'],
    ["allowRfc2544BenchmarkRange: true", "allowPrivateNetwork: true"],
  ],
  "/@openclaw/discord/": [
    ["https://discord.com", base],
    ['DISCORD_API_HOST = "discord.com"', 'DISCORD_API_HOST = "127.0.0.1"'],
    // For sockets by TLS, which those of the test are not.
    ["...params.wsAgent ? { agent: params.wsAgent } : {}", ""],
  ],
  "/@tencent-weixin/openclaw-weixin/": [["https://ilinkai.weixin.qq.com", base]],
};

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const [, changes = []] = Object.entries(CHANGES).find(([part]) => url.includes(part)) ?? [];
    if (changes.length === 0 || !loaded.source) return loaded;
    const change = (source, [from, to]) => source.replaceAll(from, to);
    return { ...loaded, source: changes.reduce(change, String(loaded.source)) };
  },
});
