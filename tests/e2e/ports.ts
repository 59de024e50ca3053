/**
 * Ports that no other test takes, although several test files run at once: each worker holds a block of
 * ports by listening on its first one. They lie below those that systems give to outgoing connections.
 *
 * @module
 */

const FIRST_BLOCK = 20_000;
const BLOCKS = 100;
const BLOCK_SIZE = 100;

const block = takeBlock();
let given = 0;

/**
 * A port on 127.0.0.1 that is free, and stays free until somebody who was told of it listens.
 *
 * @returns The port.
 */
export function freePort(): number {
  while (given < BLOCK_SIZE - 1) {
    const port = block.addr.port + ++given;
    const listener = tryListen(port);
    if (listener === undefined) continue;
    listener.close();
    return port;
  }
  throw new Error("This test file uses more ports than a block has");
}

function takeBlock(): Deno.TcpListener {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let i = 0; i < BLOCKS; i++) {
    const listener = tryListen(FIRST_BLOCK + ((start + i) % BLOCKS) * BLOCK_SIZE);
    if (listener === undefined) continue;
    listener.unref();
    return listener;
  }
  throw new Error("There is no free block of ports");
}

function tryListen(port: number): Deno.TcpListener | undefined {
  try {
    return Deno.listen({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}
