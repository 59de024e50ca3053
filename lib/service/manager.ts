/**
 * What is asked of a service manager, systemd or launchd.
 *
 * @module
 */
import type { ServiceScope, ServiceSpec } from "./service_spec.ts";

/** What a service manager says of a service. */
export interface ServiceStatus {
  /** Whether it runs, in the manager's own word, such as `active`, `failed`, `running`. */
  readonly state: string;
  /** Whether it runs. */
  readonly running: boolean;
  /** Whether it starts with the machine or the user's session; `undefined` if that is not told. */
  readonly enabled?: boolean | undefined;
  /** Its process, while it runs. */
  readonly pid?: number | undefined;
  /** Since when, as the manager writes times. */
  readonly since?: string | undefined;
  /** How it ended last, such as `exit-code, status 7`. */
  readonly ended?: string | undefined;
  /** How often it was started again since it was started by somebody. */
  readonly restarts?: number | undefined;
}

/** A service manager, for one service. */
export interface ServiceManager {
  /** Which one. */
  readonly kind: "systemd" | "launchd";
  /** Whose services. */
  readonly scope: ServiceScope;
  /** The service's file. */
  readonly path: string;
  /** The service's name as the manager has it. */
  readonly unit: string;
  /** The command that shows what the service has written. */
  readonly logs: string;
  /** The file for a service. */
  text(spec: ServiceSpec): string;
  /** Takes notice of the file, and has it come up by itself from now on; `start` for right now, too. */
  enable(start: boolean): Promise<void>;
  /** Ends the service, and has it come up no more; the file is there still. */
  disable(): Promise<void>;
  /** Takes notice that the file is gone. */
  forget(): Promise<void>;
  /** Starts it, and waits until it has started. */
  start(): Promise<void>;
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;
  /** Ends it if it runs, and starts it. */
  restart(): Promise<void>;
  /** What the manager says. */
  status(): Promise<ServiceStatus>;
  /** What else the owner has to do so that it comes up at boot; nothing if it does. */
  advice(): Promise<string | undefined>;
}
