import { assert, assertEquals } from "@std/assert";
import { Daemon } from "./daemon.ts";
import { eventually } from "./eventually.ts";
import { TestNode } from "./node.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** A span as OTLP spells it in JSON. */
interface Span {
  readonly traceId: string;
  readonly kind: number;
  readonly attributes: readonly {
    key: string;
    value: { stringValue?: string; intValue?: string };
  }[];
}

Deno.test({
  name: "with the usual variables a request becomes a span of OpenTelemetry",
  // Deno decides it when it compiles, not when the program runs: https://github.com/denoland/deno/issues/28839
  ignore: Deno.env.get("MESH_BINARY") !== undefined,
  fn: becomesSpan,
});

async function becomesSpan(): Promise<void> {
  const spans: Span[] = [];
  const services = new Set<string>();
  const collector = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const body = await request.json();
      for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
        for (const { key, value } of resource.attributes) {
          if (key === "service.name") services.add(value.stringValue);
        }
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      return Response.json({});
    },
  );
  await using node = await TestNode.named("anna");
  try {
    await using daemon = await Daemon.start({
      ...node.env,
      OTEL_DENO: "true",
      OTEL_SERVICE_NAME: "mesh-of-anna",
      OTEL_BSP_SCHEDULE_DELAY: "100",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    });
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    const answer = await fetch(`${daemon.url}/agent-mesh/discovery`, { headers });
    await answer.body?.cancel();
    assertEquals(answer.status, 200);
    // Spans are sent from time to time.
    const span = await eventually(
      "the request's span",
      () => spans.find(({ traceId }) => traceId === TRACE),
      30_000,
    );
    const attributes = Object.fromEntries(
      span.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
    );
    assertEquals(attributes["url.path"], "/agent-mesh/discovery");
    assertEquals(String(attributes["http.response.status_code"]), "200");
    assert(services.has("mesh-of-anna"));
    assertEquals((await daemon.stop()).code, 0);
  } finally {
    await collector.shutdown();
  }
}
