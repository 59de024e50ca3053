import { assertEquals } from "@std/assert";
import { newRoom, roomCookie, roomOf } from "../../../../lib/ocg/channels/webchat/session.ts";

function browser(cookie: string): Request {
  return new Request("http://127.0.0.1:1/chat", { headers: { cookie } });
}

/** Lets a browser in, and returns what it sends from then on. */
async function enter(cookie: string, room: string, token: string): Promise<string> {
  const header = await roomCookie(browser(cookie), room, token, "/chat", false);
  return header.split(";")[0] ?? "";
}

Deno.test("a browser that is let in by a second gateway of the machine stays in the room of the first", async () => {
  const [first, second, next] = [newRoom(), newRoom(), newRoom()];
  let cookie = await enter("", first, "token one");
  cookie = await enter(cookie, second, "token two");
  assertEquals(await roomOf(browser(cookie), "token one"), first);
  assertEquals(await roomOf(browser(cookie), "token two"), second);
  cookie = await enter(cookie, next, "token one");
  assertEquals(await roomOf(browser(cookie), "token one"), next);
  assertEquals(await roomOf(browser(cookie), "token two"), second);
  assertEquals(await roomOf(browser(cookie), "another token"), undefined);
});

Deno.test("what a browser was given elsewhere does not grow without end, and nothing forged is a room", async () => {
  let cookie = "";
  for (let i = 0; i < 20; i++) cookie = await enter(cookie, newRoom(), `token ${i}`);
  assertEquals(cookie.split("~").length, 4);
  const room = newRoom();
  for (const pass of [`${room}.`, `${room}.${"0".repeat(64)}`, room, "", "~~", "%7e"]) {
    assertEquals(await roomOf(browser(`mesh_chat=${pass}`), "token"), undefined);
  }
});
