/**
 * All that `mesh status` tells, gathered once, for people and programs alike.
 *
 * @module
 */
import { shownValue } from "../lib/config/shown_value.ts";
import { listDeliveries } from "../lib/delivery/find.ts";
import { codeOf } from "../lib/error.ts";
import { lastLogs, type LoggedLine } from "../lib/log/read_logs.ts";
import { listContacts } from "../lib/mesh/contacts.ts";
import { type IdentityRecord, readIdentity } from "../lib/mesh/identity_record.ts";
import { openMeshState } from "../lib/mesh/state.ts";
import { notifyConfig } from "../lib/notify/config.ts";
import { listApprovals } from "../lib/ogp/approvals/find.ts";
import { ogpConfig } from "../lib/ogp/config.ts";
import { type Federation, listFederation } from "../lib/ogp/peers.ts";
import { openOgpState } from "../lib/ogp/state.ts";
import { listRunning, type Running } from "../lib/run/run_file.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { type OcgSurvey, surveyChannels } from "./ocg/survey.ts";
import { type NotedPause, notedPause } from "./pause_words.ts";
import { damageReporter, stateDirectory } from "./state_directory.ts";

/** A target for messages, without what is secret of it. */
export interface AgentTarget {
  /** The owner's name for it. */
  readonly name: string;
  /** Its kind, such as `openclaw`. */
  readonly type: string;
  /** Where it is, if it is anywhere. */
  readonly url?: string;
  /** Whether messages go to it unless a route says otherwise. */
  readonly isDefault: boolean;
}

/** A node on one page. */
export interface Overview {
  /** The state directory. */
  readonly root: string;
  /** Who it is; absent before `mesh init`. */
  readonly identity?: IdentityRecord | undefined;
  /** What runs. */
  readonly running: readonly Running[];
  /** Agents that are trusted. */
  readonly agents: number;
  /** Agents that ask for contact. */
  readonly asking: number;
  /** Gateways that are federated with. */
  readonly gateways: number;
  /** Gateways that ask for it. */
  readonly gatewaysAsking: number;
  /** Where other gateways reach this one. */
  readonly gatewayUrl?: string | undefined;
  /** Messages that wait for the owner. */
  readonly undecided: number;
  /** Deliveries under way, and given up. */
  readonly queue: { readonly waiting: number; readonly dead: number };
  /** Whether everything outgoing is paused. */
  readonly pause: NotedPause | undefined;
  /** Who gets the messages of gateways. */
  readonly targets: readonly AgentTarget[];
  /** Chat channels, if any are configured or run. */
  readonly channels: OcgSurvey | undefined;
  /** What of the last day an owner should know, the newest last. */
  readonly troubles: readonly LoggedLine[];
}

/** Milliseconds for which trouble is worth showing. */
const DAY = 24 * 3_600_000;

/** Lines of trouble that are shown. */
const TROUBLES = 3;

/**
 * Gathers the page.
 *
 * @param context The terminal, for warnings.
 * @param flags The state directory.
 * @returns The page.
 * @throws {MeshError} `config_invalid`, `io`, `damaged`.
 */
export async function overview(context: ActionContext, flags: CommonFlags): Promise<Overview> {
  const root = stateDirectory(flags, context.env);
  const onDamage = damageReporter(context);
  const mesh = openMeshState(root, { onDamage });
  const ogp = openOgpState(root, { onDamage });
  const federation = await listFederation(ogp);
  const deliveries = await listDeliveries(ogp);
  const running = await listRunning(root);
  const channels = await surveyChannels(context, flags);
  const hasChannels = channels.loaded.exists || channels.daemons.length > 0;
  return {
    root,
    identity: await readIdentity(mesh).catch((error) => {
      if (codeOf(error) === "not_initialized") return undefined;
      throw error;
    }),
    running,
    agents: (await mesh.peers.ids()).length,
    asking: (await listContacts({ state: mesh })).filter(({ peer }) => peer === undefined).length,
    gateways: federation.filter(({ status }) => status === "approved").length,
    gatewaysAsking: federation.filter(isAsking).length,
    gatewayUrl: (await ogpConfig(ogp.store).read()).gatewayUrl,
    undecided: (await listApprovals(ogp)).length,
    queue: {
      waiting: deliveries.filter(({ state }) => state === "waiting").length,
      dead: deliveries.filter(({ state }) => state === "dead").length,
    },
    pause: await notedPause(ogp.store),
    targets: await targetsOf(ogp.store),
    channels: hasChannels ? channels : undefined,
    troubles: await lastLogs(root, TROUBLES, { since: Date.now() - DAY, level: "warning" })
      .then((lines) => lines.filter(({ entry }) => entry !== undefined)),
  };
}

function isAsking({ status, direction }: Federation): boolean {
  return status === "pending" && direction === "incoming";
}

async function targetsOf(store: Parameters<typeof notifyConfig>[0]): Promise<AgentTarget[]> {
  const { default: fallback, targets } = await notifyConfig(store).read();
  return Object.entries(targets).map(([name, config]) => ({
    name,
    type: config.type,
    ...("url" in config ? { url: String(shownValue(["url"], config.url)) } : {}),
    isDefault: name === fallback,
  }));
}
