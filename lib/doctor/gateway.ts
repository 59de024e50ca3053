/**
 * Whether the gateway of OGP runs, and whether others find it where they are told to.
 *
 * @module
 */
import { messageOf } from "../error.ts";
import { parsePublicKeyPem } from "../identity/keys.ts";
import { fetchCard } from "../ogp/card.ts";
import { type OgpConfig, ogpConfig } from "../ogp/config.ts";
import { type Listeners, whoListens } from "../ogp/who_listens.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { continued } from "./words.ts";

/** Looks at the gateway, where there is one: configured, running, or with peers. */
export const gateway: Check = {
  name: "gateway",
  async run(context, signal) {
    const self = await context.identity().catch(() => undefined);
    if (!self || !await isGateway(context)) return [];
    let config: OgpConfig;
    try {
      config = await ogpConfig(context.ogp.store).read();
    } catch (error) {
      return failure(messageOf(error), "mend config.json in the state directory");
    }
    const publicKey = parsePublicKeyPem(self.public_key).der;
    const { host, daemonPort: port, onMeshPort } = config;
    const sought = { root: context.ogp.root, publicKey, host, port, onMeshPort };
    return await Promise.all([
      whoListens(sought).then((listeners) => daemonVerdict(context, listeners)),
      urlVerdict(context, config.gatewayUrl, publicKey, signal),
    ]);
  },
};

async function isGateway(context: DoctorContext): Promise<boolean> {
  if ((await context.running()).some(({ name }) => name === "ogp")) return true;
  const section = ogpConfig(context.ogp.store);
  // A file that cannot be read was meant for something.
  if (await section.exists().catch(() => true)) return true;
  return (await context.ogp.peers.ids()).length > 0;
}

function daemonVerdict(context: DoctorContext, { daemons, port }: Listeners): Verdict {
  const start = context.command("ogp start --background");
  const [daemon] = daemons;
  if (daemon) {
    return ok(`The gateway runs (process ${daemon.pid}) on ${daemon.host} port ${daemon.port}`);
  }
  switch (port?.answer.kind) {
    case "us":
      return ok(`The gateway runs at ${port.url}, started from another state directory or program`);
    case "gateway":
      return failure(
        `The gateway does not run, and another one, "${port.answer.displayName}", is at ${port.url}`,
        context.command("ogp start --background --port 18791"),
      );
    case "other":
      return failure(
        `The gateway does not run, and something that is no gateway is at ${port.url}`,
        context.command("ogp start --background --port 18791"),
      );
    default:
      return warning("The gateway does not run, so no other gateway reaches this one", start);
  }
}

async function urlVerdict(
  context: DoctorContext,
  url: string | undefined,
  publicKey: string,
  signal: AbortSignal,
): Promise<Verdict> {
  const setup = context.command("ogp setup --gateway-url URL");
  if (url === undefined) {
    return warning("The gateway has no URL, so peers cannot answer it", setup);
  }
  try {
    const { card } = await fetchCard(url, { timeoutMs: context.probeMs, signal });
    if (card.publicKey === publicKey) return ok(`${url} answers with this gateway's key`);
    return failure(
      `At ${url}, the URL of this gateway, "${card.displayName}" answers with another key`,
      setup,
    );
  } catch (error) {
    return warning(
      `Nobody answers as this gateway at ${url}: ${continued(messageOf(error))}; ` +
        "from outside it may look different",
      context.command("ogp expose"),
    );
  }
}
