/**
 * Who and where is somebody's, as far as this node knows: what a report that strangers will read must not
 * tell.
 *
 * @module
 */
import { listContacts } from "../mesh/contacts.ts";
import { listPairings } from "../ocg/pairing.ts";
import { openOcgState } from "../ocg/state.ts";
import { listFederation } from "../ogp/peers.ts";
import type { DoctorContext } from "./context.ts";
import { everyRecord } from "./every_record.ts";

/** Names of properties that say who or about what, in logs and configurations. */
const WHO = new Set([
  ...["from", "to", "sender", "chat", "self", "name", "topic", "agent_id", "display_name"],
  ...["allowFrom", "allowChats", "email", "code"],
]);

/** Names of properties that say where, without the scheme of a URL. */
const WHERE = new Set(["host", "hosts", "callbackHost"]);

/** Words of this program's own, which are in every report. */
const PLAIN = new Set([
  ...["mesh", "ogp", "ocg", "serve", "agent", "peer", "default", "local", "none", "unknown"],
  ...["telegram", "discord", "webchat", "terminal", "localhost"],
]);

/** Who and where. */
export interface Known {
  /** Names and ids of agents, gateways, people and chats. */
  readonly names: readonly string[];
  /** Names of machines. */
  readonly hosts: readonly string[];
}

/**
 * Everybody who is known here.
 *
 * @param context The node.
 * @param home The owner's home directory, if known.
 * @param documents Configurations and lines of logs, in which there may be more.
 * @returns Names, each without what stands around it; some may be there twice.
 */
export async function whoIsKnown(
  context: DoctorContext,
  home: string | undefined,
  documents: readonly unknown[],
): Promise<Known> {
  const names: (string | null | undefined)[] = [home?.split(/[/\\]/).at(-1)];
  const urls: (string | null | undefined)[] = [];
  const { state, ogp } = context;
  const self = await context.identity().catch(() => undefined);
  names.push(self?.agent_id, self?.display_name);
  urls.push(self?.endpoint);
  await everyRecord(state.peers, ({ agent_id, display_name, endpoint }) => {
    names.push(agent_id, display_name);
    urls.push(endpoint);
  }).catch(() => {});
  for (const { request: { from } } of await listContacts(context).catch(() => [])) {
    names.push(from.agent_id, from.display_name);
    urls.push(from.endpoint);
  }
  for (const one of await listFederation(ogp).catch(() => [])) {
    names.push(one.id, one.alias, one.displayName, one.email, one.agentName);
    // People are called by one of their names, too.
    names.push(one.humanName, ...one.humanName?.split(/\s+/) ?? []);
    urls.push(one.gatewayUrl);
  }
  names.push(...await peopleOf(context));
  const hosts = [await thisMachine(), ...urls.map((url) => URL.parse(url ?? "")?.hostname)];
  for (const document of documents) collect(document, "", names, hosts);
  return { names: worthHiding(names), hosts: worthHiding(hosts).filter(isName) };
}

async function peopleOf({ state: { root }, now }: DoctorContext): Promise<string[]> {
  try {
    using ocg = openOcgState(root);
    return (await listPairings(ocg, now())).flatMap(({ chat, sender }) => [
      chat,
      sender.id,
      sender.name,
      ...sender.name.split(/\s+/),
    ]);
  } catch {
    return [];
  }
}

function collect(
  value: unknown,
  key: string,
  names: (string | null | undefined)[],
  hosts: (string | null | undefined)[],
): void {
  if (typeof value === "string" || typeof value === "number") {
    if (WHO.has(key)) names.push(String(value));
    if (WHERE.has(key)) hosts.push(String(value));
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [name, one] of Object.entries(value)) {
    if (key === "accounts") names.push(name);
    collect(one, Array.isArray(value) ? key : name, names, hosts);
  }
}

function worthHiding(texts: readonly (string | null | undefined)[]): string[] {
  return texts.filter((text) => typeof text === "string")
    .map((text) => text.trim())
    .filter((text) => text !== "" && text !== "*" && !PLAIN.has(text.toLowerCase()));
}

/** Addresses are known by their form. */
function isName(host: string): boolean {
  return !/^(?:[\d.]+|\[.*\]|.*:.*)$/.test(host);
}

/** The platform's own way takes a permission that nothing else here needs. */
async function thisMachine(): Promise<string | undefined> {
  return await Deno.readTextFile("/etc/hostname").catch(() => undefined);
}
