/**
 * What `mesh up` runs with: the root, its nodes, its channels, and what measures them.
 *
 * @module
 */
import { adminConfig } from "../lib/config/admin.ts";
import type { Logging } from "../lib/log/logging.ts";
import { meshConfig } from "../lib/mesh/config.ts";
import { Metrics } from "../lib/metrics/metrics.ts";
import { readOcgConfig } from "../lib/ocg/config_file.ts";
import { ogpConfig } from "../lib/ogp/config.ts";
import { listRunning } from "../lib/run/run_file.ts";
import { type FileStore, openFileStore } from "../lib/store/file_store.ts";
import { Admin, channelMetrics, metricsTell, metricsWatch } from "../server/admin.ts";
import type { DaemonEvent, Tell } from "../server/daemon_event.ts";
import { logRequests, watchAll } from "../server/log_events.ts";
import { type OcgParts, ocgParts } from "../server/ocg_parts.ts";
import type { UpOptions } from "../server/up.ts";
import { startNoNeedlessPrograms } from "./daemon_run.ts";
import type { ActionContext } from "./define.ts";
import { callbackWarnings } from "./ocg/careful.ts";
import { type OpenNodes, openNodes } from "./ocg/nodes.ts";
import { openChannels } from "./ocg/opened.ts";
import { damageReporter } from "./state_directory.ts";
import type { UpFlags } from "./up.ts";
import { type Plan, planUp } from "./up_plan.ts";
import { VERSION } from "./version.ts";

/** A root that is ready to be run. */
export interface UpParts extends Disposable {
  /** Its store. */
  readonly store: FileStore;
  /** What is run, and what is not. */
  readonly plan: Plan;
  /** Its channels, once they are made. */
  readonly channels: () => OcgParts | undefined;
  /** The admin surface, once it is made. */
  readonly admin: () => Admin | undefined;
  /**
   * Makes what the surfaces are started with.
   *
   * @param tell Told of what happens.
   * @param log Where requests are logged.
   */
  options(tell: Tell, log: Logging): Promise<UpOptions>;
}

/**
 * Opens a root to be run.
 *
 * @param context Terminal and environment.
 * @param flags What was asked for.
 * @param root The state directory.
 * @returns The root; `using` closes it.
 * @throws {MeshError} As {@linkcode planUp} does, `config_invalid`, `insecure_mode`.
 */
export async function openUp(
  context: ActionContext,
  { only }: UpFlags,
  root: string,
): Promise<UpParts> {
  const { env } = context;
  const onDamage = damageReporter(context);
  const store = openFileStore(root, { onDamage });
  const admin = await adminConfig(store).read();
  const hasChannels = (await readOcgConfig(root, env)).exists || Boolean(env("OCG_AGENT_URL"));
  const nodes = await openNodes(context, root);
  const plan = planUp({
    only,
    identity: nodes !== undefined,
    ogp: await ogpConfig(store).exists(),
    ocg: hasChannels,
    admin: admin.enabled,
    running: await listRunning(root),
  });
  const opened: Disposable[] = nodes ? [nodes] : [];
  const metrics = new Metrics({ version: VERSION });
  let channels: OcgParts | undefined;
  let surface: Admin | undefined;
  return {
    store,
    plan,
    channels: () => channels,
    admin: () => surface,
    async options(tell, log) {
      const count = metricsTell(metrics);
      metrics.gauge(
        "mesh_log_lines_dropped",
        "Lines of the log that could not be written, such as on a full disk.",
        () => [[{}, log.dropped]],
      );
      const told = (event: DaemonEvent) => {
        count(event);
        tell(event);
      };
      const ocg = plan.run.has("ocg") ? await channelParts(context, root, nodes, told) : undefined;
      if (ocg) {
        channels = ocg.parts;
        opened.push(ocg);
        channelMetrics(metrics, () =>
          ocg.parts.gateway.status()
            .map(({ channel, status: { state } }) => ({ channel, state })));
      } else await startNoNeedlessPrograms(nodes?.ogp?.state);
      if (plan.run.has("admin")) {
        const onFault = (error: unknown) => told({ kind: "fault", error });
        surface = new Admin({ store, config: admin, version: VERSION, metrics, onFault });
      }
      const { mesh, ogp } = nodes ?? {};
      return {
        store,
        nodes: { mesh, ogp },
        mesh: plan.run.has("mesh") && mesh
          ? { node: mesh, listen: await meshConfig(store).read() }
          : undefined,
        ogp: plan.run.has("ogp") && ogp
          ? { node: ogp, listen: { host: ogp.config.host, port: ogp.config.daemonPort } }
          : undefined,
        ocg,
        helpers: surface ? [surface] : [],
        watch: watchAll(metricsWatch(metrics), { answered: logRequests(log) }),
        tell: told,
        now: () => new Date(),
      };
    },
    [Symbol.dispose]() {
      for (const one of opened.reverse()) one[Symbol.dispose]();
    },
  };
}

async function channelParts(
  context: ActionContext,
  root: string,
  nodes: OpenNodes | undefined,
  tell: Tell,
) {
  const channels = await openChannels(context, root, nodes);
  const { loaded, accounts, host, options } = channels;
  for (const warning of callbackWarnings(loaded, accounts, host)) context.terminal.warn(warning);
  return {
    parts: await ocgParts({ ...options, tell }),
    listen: { host, port: loaded.config.callbackPort },
    [Symbol.dispose]: () => channels[Symbol.dispose](),
  };
}
