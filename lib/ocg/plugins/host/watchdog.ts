/**
 * Ends a host whose gateway is gone while its plugin hangs, so that nobody hears of that any more: a thread
 * beside it looks whether the process has been left to the system.
 *
 * @module
 */
import process from "node:process";
import { Worker } from "node:worker_threads";

/** Milliseconds between two looks, of which two have to agree: who can end by itself has time to. */
const EVERY_MS = 5_000;

/** The thread; a text, since it is to need nothing of what a plugin may have changed. */
const PROGRAM = `
const { workerData } = require("node:worker_threads");
let looks = 0;
setInterval(() => {
  looks = process.ppid === workerData.parent ? 0 : looks + 1;
  if (looks > 1) process.kill(process.pid, "SIGKILL");
}, workerData.everyMs);
`;

/** Begins to look. */
export function watchGateway(): void {
  const workerData = { parent: process.ppid, everyMs: EVERY_MS };
  const worker = new Worker(PROGRAM, { eval: true, workerData, stdin: false });
  worker.on("error", () => {});
  worker.unref();
}
