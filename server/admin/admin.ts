/**
 * The admin surface on its port, as a part of any daemon.
 *
 * @module
 */
import { openOutboxCollections } from "../../lib/delivery/outbox_state.ts";
import type { AdminConfig } from "../../lib/config/admin.ts";
import { codeOf, MeshError, messageOf } from "../../lib/error.ts";
import type { Metrics } from "../../lib/metrics/metrics.ts";
import type { FileStore } from "../../lib/store/file_store.ts";
import { listen, type Listening } from "../listen.ts";
import { openApiDocument } from "../openapi/document.ts";
import type { Helper } from "../service.ts";
import { canStore, type ReadyCheck } from "./readiness.ts";
import { queueMetrics } from "./root_metrics.ts";
import { adminSurface } from "./surface.ts";
import { adminToken } from "./token.ts";

/** The only address that it listens on. */
export const ADMIN_HOST = "127.0.0.1";

/** Milliseconds that requests under way get when it stops. */
const GRACE = 1_000;

/** What an admin surface works with. */
export interface AdminOptions {
  /** The root's store. */
  readonly store: FileStore;
  /** What the owner configured. */
  readonly config: Pick<AdminConfig, "port" | "hosts">;
  /** The program's version. */
  readonly version: string;
  /** What the daemon counts and measures; the root's queue is added. */
  readonly metrics: Metrics;
  /** When the daemon is ready, by condition, beside that the state directory can be written to. */
  readonly ready?: Readonly<Record<string, ReadyCheck>>;
  /** Told of failures that are ours. */
  readonly onFault?: (error: unknown) => void;
}

/** The admin surface of a daemon; begins and ends with it. */
export class Admin implements Helper {
  readonly #options: AdminOptions;
  #server: Listening | undefined;
  #stopping = false;

  /**
   * Nothing listens yet.
   *
   * @param options What it works with.
   */
  constructor(options: AdminOptions) {
    this.#options = options;
    queueMetrics(options.metrics, openOutboxCollections(options.store));
  }

  /** The port, as bound; `undefined` while it does not listen. */
  get port(): number | undefined {
    return this.#server?.port;
  }

  /**
   * Makes the token if there is none, and listens.
   *
   * @throws {MeshError} `port_in_use`, `insecure_mode`, `damaged` or `io`.
   */
  async start(): Promise<void> {
    const { store, config: { port, hosts }, version, metrics, ready = {}, onFault } = this.#options;
    const app = adminSurface({
      token: await adminToken(store.root),
      metrics,
      ready: {
        ...ready,
        storage: canStore(store.root),
        running: () => {
          if (this.#stopping) throw new MeshError("unavailable", "The daemon is stopping");
        },
      },
      openapi: () => openApiDocument(version),
      hosts,
      ...(onFault ? { onFault } : {}),
    });
    const answered = ({ status }: { status: number }) =>
      metrics.http.add({ surface: "admin", status: String(status) });
    try {
      this.#server = await listen(app, { host: ADMIN_HOST, port, watch: { answered } });
    } catch (error) {
      throw explained(error, port);
    }
  }

  /** Tells those who ask that it is over, and ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#server?.close(GRACE);
    this.#server = undefined;
  }
}

function explained(error: unknown, port: number): unknown {
  if (codeOf(error) !== "port_in_use") return error;
  return new MeshError("port_in_use", `${messageOf(error)}: the admin surface needs it`, {
    cause: error,
    hint: `mesh config set admin.port ${port + 1}, or to do without it: ` +
      "mesh config set admin.enabled false",
  });
}
