/**
 * The daemon of `mesh ocg start`: chat channels, and the port at which answers, messages and browsers come.
 *
 * @module
 */
import type { Environment, LoadedConfig } from "../lib/ocg/config_file.ts";
import type { OcgState } from "../lib/ocg/state.ts";
import { OCG } from "../lib/run/run_file.ts";
import { Chores } from "./chores.ts";
import { Deliveries, requeueing } from "./deliveries.ts";
import type { Tell } from "./daemon_event.ts";
import type { ListenOptions } from "./listen.ts";
import type { OcgConfigFile } from "./ocg_config.ts";
import { type OcgParts, ocgParts, type OcgPartsOptions } from "./ocg_parts.ts";
import { type RootNodes, rootOutbox } from "./outbox.ts";
import { type Daemon, startService } from "./service.ts";

/** How the daemon runs. */
export interface OcgDaemonOptions
  extends ListenOptions, Pick<OcgPartsOptions, "plugins" | "surface" | "now"> {
  /** The state; stays the caller's to close, after the daemon has stopped. */
  readonly state: OcgState;
  /** The environment. */
  readonly env: Environment;
  /** Reads the configuration again. */
  readonly file: OcgConfigFile;
  /** The configuration, as it was read first. */
  readonly loaded: LoadedConfig;
  /** The same root as nodes of Agent Mesh V1 and OGP: their deliveries are made, too. */
  readonly nodes?: RootNodes | undefined;
  /** What agents other than URLs are made with. */
  readonly agents?: OcgPartsOptions["agents"];
  /** What of the command line it would be started again with. */
  readonly args?: readonly string[] | undefined;
  /** Told of what happens. */
  readonly tell: Tell;
}

/** The daemon, and the channels in it. */
export interface OcgDaemon extends Daemon {
  /** The channels. */
  readonly parts: OcgParts;
}

/**
 * Starts the daemon.
 *
 * @param options Where to listen, and what with.
 * @returns The daemon, listening, its channels being started.
 * @throws {MeshError} `port_in_use` or `io`.
 */
export async function startOcg(options: OcgDaemonOptions): Promise<OcgDaemon> {
  const { state, nodes, args, tell, now = () => new Date() } = options;
  const parts = await ocgParts(options);
  const outbox = nodes && rootOutbox(nodes);
  const chores = nodes && outbox
    ? [
      new Chores(
        [requeueing(nodes, outbox, tell)],
        (error) => tell({ kind: "fault", error }),
      ),
    ]
    : [];
  await state.store.sweep();
  const daemon = await startService({
    name: OCG,
    store: state.store,
    app: parts.app,
    deliveries: nodes && outbox ? new Deliveries(outbox, nodes, tell) : undefined,
    helpers: [...chores, ...parts.helpers],
    args,
    now,
  }, options);
  return { ...daemon, parts };
}
