/**
 * What a daemon needs to run chat channels, on a port of its own or beside other surfaces: the gateway, what
 * is served for it, and what goes on beside that.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { type ChatAccount, chatAccounts, isVerbose } from "../lib/ocg/accounts.ts";
import { callbackHostOf } from "../lib/ocg/callback_address.ts";
import type { Environment, LoadedConfig } from "../lib/ocg/config_file.ts";
import type { OcgConfig } from "../lib/ocg/config_types.ts";
import { type ChannelFactory, type GatewayOptions, OcgGateway } from "../lib/ocg/gateway.ts";
import { channelFactories } from "../lib/ocg/factories.ts";
import type { OcgState } from "../lib/ocg/state.ts";
import { takeOcgOrder } from "../lib/ocg/take_order.ts";
import { OrderTaker, type TakeOrder } from "../lib/run/orders.ts";
import type { Running } from "../lib/run/run_file.ts";
import { Chores } from "./chores.ts";
import type { Tell } from "./daemon_event.ts";
import { ocgSurface, type OcgSurfaceOptions } from "./ocg.ts";
import type { OcgConfigFile } from "./ocg_config.ts";
import { ocgTold } from "./ocg_told.ts";
import type { Helper } from "./service.ts";

/** A line that a plugin printed. */
export interface PluginLine {
  /** The channel's id. */
  readonly channel: string;
  /** The account's name. */
  readonly account: string;
  /** The line. */
  readonly line: string;
}

/**
 * Finds the channels that plugins bring.
 *
 * @param onLine Told of what they print.
 * @returns How their channels are made, by id.
 */
export type FindPlugins = (
  onLine: (line: PluginLine) => void,
) => Promise<Readonly<Record<string, ChannelFactory>>>;

/** What the parts are made with. */
export interface OcgPartsOptions {
  /** The state. */
  readonly state: OcgState;
  /** The environment. */
  readonly env: Environment;
  /** Reads the configuration again. */
  readonly file: OcgConfigFile;
  /** The configuration, as it was read first. */
  readonly loaded: LoadedConfig;
  /** Told of what happens. */
  readonly tell: Tell;
  /** What agents other than URLs are made with. */
  readonly agents?: Pick<GatewayOptions, "askPeer" | "acpAgent"> | undefined;
  /** Finds out which channels plugins bring; asked again when the configuration is read again. */
  readonly plugins?: FindPlugins | undefined;
  /** The port that the surface is served at, if it is not the daemon's. */
  readonly servedAt?: (() => number) | undefined;
  /** Limits of the surface. */
  readonly surface?: Pick<OcgSurfaceOptions, "bodyLimit" | "deliveryMs"> | undefined;
  /** The present. */
  readonly now?: (() => Date) | undefined;
}

/** Chat channels as parts of a daemon. */
export interface OcgParts {
  /** The gateway. */
  readonly gateway: OcgGateway;
  /** What is served: `/ocg/*`, `/chat` and what platforms call. */
  readonly app: Hono<{ Bindings: HttpBindings }>;
  /** What the daemon starts and stops: the channels, the chores, the taking of orders. */
  readonly helpers: readonly Helper[];
  /** Does what `lib/ocg/orders.ts` describes. */
  readonly take: TakeOrder;
  /** The link to the page to chat on, if it is served. Whoever has it is let in. */
  readonly webchatUrl: () => string | undefined;
}

/**
 * Makes the parts. Nothing runs before the helpers are started.
 *
 * @param options What they are made with.
 * @returns The parts.
 */
export async function ocgParts(options: OcgPartsOptions): Promise<OcgParts> {
  const { state, env, file, loaded, tell, plugins, agents, now } = options;
  const onFault = (error: unknown) => tell({ kind: "fault", error });
  // What plugins print may be what people say.
  const onLine = ({ channel, account, line }: PluginLine) => {
    if (!isVerbose(gateway.config, env)) return;
    tell({ kind: "ocg-plugin", channel, account, line });
  };
  const made = channelFactories({ store: state.store, plugins: await plugins?.(onLine) });
  let port = loaded.config.callbackPort;
  const gateway: OcgGateway = new OcgGateway({
    state,
    config: loaded.config,
    env,
    factories: made.factories,
    ...agents,
    callbackPort: () => port,
    onEvent: (event) => tell(ocgTold(event, gateway, env)),
    now,
  });
  const webchatUrl = () => made.webchat.link(port);
  const useConfig = async ({ config, path, warnings }: LoadedConfig) => {
    const brought = await plugins?.(onLine) ?? {};
    made.usePlugins(brought);
    const moves = addressOf(gateway.config, env) !== addressOf(config, env);
    const later = moves ? ["the address for callbacks changes with: mesh ocg restart"] : [];
    if (await lacksPrograms(chatAccounts(config, env), brought)) {
      later.push("programs as agents, and plugins, can be used after: mesh ocg restart");
    }
    await gateway.configure(config);
    tell({ kind: "ocg-config", path, warnings: [...warnings, ...later] });
  };
  const take: TakeOrder = (order, signal) => {
    const reload = () => file.reload(useConfig);
    return takeOcgOrder({ gateway, reload, webchatUrl }, order, signal);
  };
  const running: Helper = {
    async start(running) {
      port = options.servedAt?.() ?? running.port;
      await gateway.start();
    },
    stop: () => gateway.stop(),
  };
  const { webchat, webhooks } = made;
  const surface = { ...options.surface, webchat, webhooks, onFault, now };
  return {
    gateway,
    app: ocgSurface(gateway, surface),
    helpers: [
      running,
      new Chores([file.chore(useConfig)], onFault),
      takingOrders(state.root, take, onFault),
    ],
    take,
    webchatUrl,
  };
}

/** A daemon that needed no programs when it started has given up to start any. */
async function lacksPrograms(
  accounts: readonly ChatAccount[],
  plugins: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const isProgram = ({ agent, channel }: ChatAccount) =>
    agent.type === "acp" || Object.hasOwn(plugins, channel);
  if (!accounts.some(isProgram)) return false;
  // What was given up counts as something to be asked for.
  return (await Deno.permissions.query({ name: "run" })).state !== "granted";
}

/** Where callbacks are taken, as the configuration has it. */
function addressOf(config: OcgConfig, env: Environment): string {
  return `${callbackHostOf(config, chatAccounts(config, env))} ${config.callbackPort}`;
}

/** Who is ordered is known once the daemon is announced. */
function takingOrders(root: string, take: TakeOrder, onFault: (error: unknown) => void): Helper {
  let taker: OrderTaker | undefined;
  return {
    start(running: Running) {
      taker = new OrderTaker(root, running, take, onFault);
      taker.start();
    },
    async stop() {
      await taker?.stop();
    },
  };
}
