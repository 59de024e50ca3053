import { assertEquals, assertRejects } from "@std/assert";
import { findDelivery, listDeliveries } from "../../../lib/delivery/find.ts";
import { MeshError } from "../../../lib/error.ts";
import { Bench, REFUSED } from "./memory.ts";

/** A bench with two deliveries that wait and, between them in age, one that is dead. */
async function bench(): Promise<Bench> {
  const bench = new Bench();
  bench.carrier.answer = () => REFUSED;
  await bench.add("msg_b1");
  await bench.add("msg_a5");
  await bench.outbox.attempt("msg_a5");
  await bench.add("msg_b12");
  return bench;
}

Deno.test("deliveries are listed by age, those that wait and those that were given up", async () => {
  const { entries: outbox, failed } = await bench();
  const found = await listDeliveries({ outbox, failed });
  assertEquals(found.map(({ state, entry }) => `${entry.id} ${state}`), [
    "msg_b1 waiting",
    "msg_a5 dead",
    "msg_b12 waiting",
  ]);
});

Deno.test("a delivery is found by its id, also where another one begins with it", async () => {
  const { entries: outbox, failed } = await bench();
  for (const id of ["msg_b1", "msg_b12", "msg_a5"]) {
    assertEquals((await findDelivery({ outbox, failed }, id)).entry.id, id);
  }
  assertEquals((await findDelivery({ outbox, failed }, "msg_b12")).state, "waiting");
  assertEquals((await findDelivery({ outbox, failed }, "msg_a5")).state, "dead");
});

Deno.test("the beginning of one id finds it, and of several finds none", async () => {
  const { entries: outbox, failed } = await bench();
  assertEquals((await findDelivery({ outbox, failed }, "msg_a")).entry.id, "msg_a5");
  const several = await assertRejects(
    () => findDelivery({ outbox, failed }, "msg_b"),
    MeshError,
    '"msg_b" matches several deliveries: msg_b1, msg_b12',
  );
  assertEquals(several.code, "ambiguous");
  for (const selector of ["", "msg_c", "sg_a"]) {
    const none = await assertRejects(() => findDelivery({ outbox, failed }, selector), MeshError);
    assertEquals([none.code, none.hint], ["not_found", "mesh queue list"]);
  }
});
