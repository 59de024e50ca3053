/**
 * Gateways and strangers for tests: state directories that clean up after themselves, and keys that sign
 * whatever a test wants.
 *
 * @module
 */
import { generateKeyPair, type PrivateKey } from "../../../lib/identity/private_key.ts";
import { initIdentity } from "../../../lib/mesh/identity.ts";
import { openMeshState } from "../../../lib/mesh/state.ts";
import { ogpConfig } from "../../../lib/ogp/config.ts";
import { keyId } from "../../../lib/ogp/names.ts";
import { type OgpNode, openOgpNode } from "../../../lib/ogp/node.ts";
import type { OgpPeer } from "../../../lib/ogp/records.ts";
import { signText } from "../../../lib/ogp/signed_text.ts";
import { openOgpState, peerName } from "../../../lib/ogp/state.ts";
import { Clock, temporaryRoot } from "../mesh/parties.ts";

/** A gateway in a folder of its own. */
export interface TestGateway extends AsyncDisposable {
  readonly root: string;
  readonly clock: Clock;
  readonly node: OgpNode;
  /** The same gateway as another process would open it. */
  again(): Promise<OgpNode>;
}

/** What a test may choose about a gateway. */
export interface TestGatewayOptions {
  readonly displayName?: string;
  readonly clock?: Clock;
  /** Keys of the `ogp` section of its configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Makes a gateway; its URL is `http://127.0.0.1:18790` unless the configuration says otherwise. */
export async function testGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const root = await temporaryRoot();
  const clock = options.clock ?? new Clock();
  await initIdentity(openMeshState(root.path), {
    agentId: "tester",
    displayName: options.displayName ?? "Tester",
    endpoint: "http://127.0.0.1:8787",
    now: clock.now(),
  });
  await ogpConfig(openOgpState(root.path).store).change({
    gatewayUrl: "http://127.0.0.1:18790",
    ...options.config,
  });
  const opened: OgpNode[] = [];
  const again = async () => {
    const node = await openOgpNode(root.path, { now: clock.now });
    opened.push(node);
    return node;
  };
  const node = await again();
  return {
    root: root.path,
    clock,
    node,
    again,
    async [Symbol.asyncDispose]() {
      for (const one of opened) one[Symbol.dispose]();
      await root[Symbol.asyncDispose]();
    },
  };
}

/** A gateway that lives nowhere. */
export interface Stranger {
  readonly key: PrivateKey;
  /** Its key as DER. */
  readonly publicKey: string;
  /** Its id in OGP 0.7. */
  readonly id: string;
}

/** Makes a stranger. */
export function stranger(): Stranger {
  const { privateKey, publicKey } = generateKeyPair();
  return { key: privateKey, publicKey: publicKey.der, id: keyId(publicKey.der) };
}

/** Makes somebody an approved peer of a gateway, by hand. */
export async function befriend(
  { node }: Pick<TestGateway, "node">,
  who: Stranger,
  changes: Partial<OgpPeer> = {},
): Promise<OgpPeer> {
  const peer: OgpPeer = {
    publicKey: who.publicKey,
    id: who.id,
    displayName: "Stan",
    gatewayUrl: "http://127.0.0.1:19999",
    status: "approved",
    asked: "them",
    approvedAt: node.now().toISOString(),
    grants: null,
    ...changes,
  };
  await node.state.peers.put(peerName(who.publicKey), peer);
  return peer;
}

/** The fields of a message to a gateway; tests change what they want. */
export function messageTo(
  { node }: Pick<TestGateway, "node">,
  who: Stranger,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    intent: "message",
    from: who.id,
    to: keyId(node.privateKey.publicKey.der),
    nonce: crypto.randomUUID(),
    timestamp: node.now().toISOString(),
    payload: { text: "hello" },
    ...changes,
  };
}

/** A body `{<object>, <object>Str, signature}` as bytes. */
export function signedBody(
  who: Pick<Stranger, "key">,
  value: unknown,
  { object = "message", withText = true, changes = {} }: {
    readonly object?: string;
    readonly withText?: boolean;
    readonly changes?: Readonly<Record<string, unknown>>;
  } = {},
): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value);
  const body = {
    [object]: value,
    ...(withText ? { [`${object}Str`]: text } : {}),
    signature: signText(who.key, text),
    ...changes,
  };
  return new TextEncoder().encode(JSON.stringify(body));
}
