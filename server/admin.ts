/**
 * How this machine's own programs ask a daemon how it is: health, readiness, metrics, and a description of
 * every call. What a daemon needs to have it is here.
 *
 * @module
 */
export { Admin, ADMIN_HOST, type AdminOptions } from "./admin/admin.ts";
export { metricsTell, metricsWatch } from "./admin/metrics_watch.ts";
export { canStore, type Readiness, readiness, type ReadyCheck } from "./admin/readiness.ts";
export { channelMetrics, type ChannelState, queueMetrics } from "./admin/root_metrics.ts";
export { adminSurface, type AdminSurfaceOptions } from "./admin/surface.ts";
export { adminToken, adminTokenPath } from "./admin/token.ts";
