/**
 * What a daemon counts and measures. Each daemon has its own; what is the same for all of a root, such as
 * the queue, is looked up when somebody asks.
 *
 * @module
 */
import { Counter, type Family, Gauge, Histogram, type Measured } from "./series.ts";
import { textFormat } from "./text_format.ts";

/** What became of a message that came in. */
export type Received = "accepted" | "repeated" | "refused" | "failed";

/** What became of an attempt to deliver, or of an agent's turn. */
export type Attempted = "accepted" | "waiting" | "dead";

/** Seconds: a signature takes tens of microseconds. */
const VERIFY = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1];

/** Seconds: a durable write takes as long as the disk does. */
const STORE = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Seconds: agents think. */
const AGENT = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** What is known about the program and its process. */
export interface MetricsOptions {
  /** The program's version. */
  readonly version: string;
  /** When the process began to work; now by default. */
  readonly startedAt?: Date;
  /** The present. */
  readonly now?: () => Date;
}

/** The metrics of a daemon. */
export class Metrics {
  /** Messages that came in, by protocol and outcome. */
  readonly received: Counter = new Counter(
    "mesh_messages_received_total",
    "Messages that came in, by what became of them.",
  );
  /** Attempts of this daemon to deliver what goes out, by protocol and outcome. */
  readonly sent: Counter = new Counter(
    "mesh_messages_sent_total",
    "Deliveries by this daemon: accepted by the peer, waiting for another attempt, or given up.",
  );
  /** Requests for contact or federation, by protocol. */
  readonly requests: Counter = new Counter(
    "mesh_requests_received_total",
    "Requests for contact or federation that now wait for the owner.",
  );
  /** What agents answered, by surface and outcome. */
  readonly agentAnswers: Counter = new Counter(
    "mesh_agent_answers_total",
    "Turns of the owner's agents: accepted, waiting for another attempt, or given up.",
  );
  /** How long agents took, by surface. */
  readonly agentSeconds: Histogram = new Histogram(
    "mesh_agent_answer_seconds",
    "Seconds that the owner's agents took for a turn.",
    AGENT,
  );
  /** How long signatures took, by protocol. */
  readonly verifySeconds: Histogram = new Histogram(
    "mesh_verify_seconds",
    "Seconds that the signature of a message took to verify.",
    VERIFY,
  );
  /** How long storing took, by protocol. */
  readonly storeSeconds: Histogram = new Histogram(
    "mesh_store_seconds",
    "Seconds that a message took to be durable on disk.",
    STORE,
  );
  /** HTTP requests, by surface and status. */
  readonly http: Counter = new Counter(
    "mesh_http_requests_total",
    "HTTP requests, by surface and status; 499 if the client went away before its answer.",
  );
  /** Failures of this machine. */
  readonly faults: Counter = new Counter("mesh_faults_total", "Failures of this machine.")
    .declare({});
  readonly #families: Family[];

  /**
   * Metrics that begin at 0.
   *
   * @param options The program.
   */
  constructor({ version, startedAt, now = () => new Date() }: MetricsOptions) {
    const since = (startedAt ?? now()).getTime();
    const one = (value: () => number) => (): Measured => [[{}, value()]];
    this.#families = [
      this.received,
      this.sent,
      this.requests,
      this.agentAnswers,
      this.agentSeconds,
      this.verifySeconds,
      this.storeSeconds,
      this.http,
      this.faults,
      new Gauge(
        "mesh_build_info",
        "What runs.",
        () => [[{ version, deno: Deno.version.deno, target: Deno.build.target }, 1]],
      ),
      new Gauge(
        "mesh_uptime_seconds",
        "Seconds since this daemon began.",
        one(() => Math.max(0, (now().getTime() - since) / 1000)),
      ),
      new Gauge(
        "process_start_time_seconds",
        "When this daemon began, in seconds since 1970.",
        one(() => since / 1000),
      ),
      new Gauge(
        "process_resident_memory_bytes",
        "Memory that the process takes.",
        one(() => Deno.memoryUsage().rss),
      ),
    ];
    for (const protocol of ["mesh", "ogp"]) {
      for (const outcome of ["accepted", "repeated", "refused", "failed"]) {
        this.received.declare({ protocol, outcome });
      }
    }
  }

  /**
   * Adds a number that is looked up when somebody asks.
   *
   * @param name Its name.
   * @param help What it measures.
   * @param look Looks; a failure leaves it out, and counts as a fault.
   */
  gauge(name: string, help: string, look: () => Measured | Promise<Measured>): void {
    this.#families.push(new Gauge(name, help, look));
  }

  /**
   * All of it as text for Prometheus.
   *
   * @returns The text, in its format 0.0.4.
   */
  async text(): Promise<string> {
    return await textFormat(this.#families, () => this.faults.add());
  }
}
