import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { streamed } from "../unit/ocg/fakes.ts";
import { eventually } from "./eventually.ts";
import {
  atThePage,
  browserTest,
  connected,
  lastOf,
  said,
  saysIt,
  send,
} from "./webchat/at_the_page.ts";
import { PATIENCE, Person } from "./webchat/chromium.ts";
import { background, fits, focus, isAtEnd, leastContrast, sneakIn, top } from "./webchat/look.ts";
import { type Answering, Scene, speak, type Spoken } from "./webchat/scene.ts";

const echo: Answering = (asked) => streamed(["You said: ", lastOf(asked)]);

browserTest("a streamed answer appears piece by piece, and a reload keeps it", async (browser) => {
  const spoken: Spoken[] = [];
  const answer = () => (spoken.push(speak()), spoken.at(-1)!.response);
  await atThePage(browser, answer, async (page, scene) => {
    assertEquals(page.url(), scene.page, "the address does not keep the token");
    await send(page, "Tell me a <b>story</b>");
    await page.locator("#typing.on").waitFor();
    const agent = await eventually("the question", () => spoken[0], PATIENCE);
    const question = "You: Tell me a <b>story</b>";
    agent.say("Once ");
    await saysIt(page, [question, "Answer: Once"]);
    agent.say("upon a time 🙂");
    await saysIt(page, [question, "Answer: Once upon a time 🙂"]);
    agent.say(" there was");
    agent.end();
    const whole = [question, "Answer: Once upon a time 🙂 there was"];
    await saysIt(page, whole);
    // It is read out once, as a whole.
    await page.locator("#spoken").getByText(/^Answer: Once upon a time 🙂 there was$/).waitFor({
      state: "attached",
    });
    await page.reload();
    await connected(page);
    await saysIt(page, whole);
    assertEquals(scene.asked.map(lastOf), ["Tell me a <b>story</b>"]);
  });
});

browserTest(
  "an answer by callback comes when it comes, after a restart as well",
  async (browser) => {
    const callbacks: string[] = [];
    const answer: Answering = (_, request) => {
      callbacks.push(request.headers.get("x-ocg-callback") ?? "");
      return Response.json({ status: "accepted" }, { status: 202 });
    };
    await atThePage(browser, answer, async (page, scene) => {
      const reply = async (callback: string, text: string) => {
        const body = JSON.stringify({ reply: text });
        const response = await fetch(callback, { method: "POST", body });
        assertEquals([response.status, await response.json()], [200, { ok: true }]);
      };
      await send(page, "one");
      await send(page, "two");
      await eventually("both questions", () => callbacks.length === 2, PATIENCE);
      await reply(callbacks[1]!, "answer two");
      await saysIt(page, ["You: one", "You: two", "Answer: answer two"]);
      await scene.stop();
      await page.getByText("Connection lost, trying again").waitFor();
      await scene.start();
      await connected(page);
      await reply(callbacks[0]!, "answer one");
      await saysIt(page, ["You: one", "You: two", "Answer: answer two", "Answer: answer one"]);
    }, { settings: { async: true } });
  },
);

browserTest("two tabs show the same room, and a new chat begins in both", async (browser) => {
  await atThePage(browser, echo, async (page, scene, person) => {
    await send(page, "from the first");
    await saysIt(page, ["You: from the first", "Answer: You said: from the first"]);
    const second = await person.open(scene.page);
    await connected(second);
    await send(second, "from the second");
    const both = [
      ...["You: from the first", "Answer: You said: from the first"],
      ...["You: from the second", "Answer: You said: from the second"],
    ];
    await saysIt(page, both);
    await saysIt(second, both);
    await page.getByRole("button", { name: "New chat" }).click();
    await saysIt(page, []);
    await saysIt(second, []);
    await send(second, "anew");
    for (const tab of [page, second]) await saysIt(tab, ["You: anew", "Answer: You said: anew"]);
    // Another browser with the link has a room of its own.
    await using other = await Person.sitDown(browser);
    const elsewhere = await other.open(scene.link);
    await connected(elsewhere);
    assertEquals(await said(elsewhere), []);
  });
});

browserTest("a restart while the page is open loses and doubles nothing", async (browser) => {
  await atThePage(browser, echo, async (page, scene) => {
    await send(page, "before");
    await saysIt(page, ["You: before", "Answer: You said: before"]);
    await scene.stop();
    await page.getByText("Connection lost, trying again").waitFor();
    await send(page, "meanwhile");
    await send(page, "and then");
    await page.getByText("Sending …").last().waitFor();
    await scene.start();
    await connected(page);
    const all = ["before", "meanwhile", "and then"];
    const whole = [
      ...["You: before", "Answer: You said: before", "You: meanwhile"],
      ...["Answer: You said: meanwhile", "You: and then", "Answer: You said: and then"],
    ];
    await eventually("all answers", async () => (await said(page)).length === 6, PATIENCE);
    assertEquals((await said(page)).toSorted(), whole.toSorted());
    assertEquals(await page.locator(".unsent").count(), 0);
    assertEquals(scene.asked.map(lastOf), all);
    await page.reload();
    await connected(page);
    assertEquals((await said(page)).toSorted(), whole.toSorted());
    // The browser itself says so when nobody listens.
  }, { mayComplain: /ERR_CONNECTION_REFUSED/ });
});

const LONG_LINE = `const answer = "${"a long line of code ".repeat(20)}";`;
const RICH = [
  "Some **bold** and `code`, see https://example.org/a?b=c.",
  ["```ts", LONG_LINE, "<script>alert(1)</script>", "```"].join("\n"),
  "1. one\n2. two\n   - inner\n3. three",
  "> quoted",
  "| a | b |\n|---|---|\n| 1 | 2 |",
  "[bad](javascript:alert(1)) <img src=x onerror=alert(1)>",
].join("\n\n");

browserTest("Markdown becomes elements, and nothing else does", async (browser) => {
  await atThePage(browser, () => streamed([RICH]), async (page) => {
    await send(page, "x");
    const answer = page.locator("article.bot");
    await answer.getByText("onerror=alert").waitFor();
    assertEquals(await answer.locator("strong").allTextContents(), ["bold"]);
    assertEquals(await answer.locator("a").allTextContents(), ["https://example.org/a?b=c"]);
    assertEquals(
      await answer.locator("pre").allTextContents(),
      [`${LONG_LINE}\n<script>alert(1)</script>`],
    );
    assertEquals(await answer.locator("ol > li").allTextContents(), ["one", "twoinner", "three"]);
    assertEquals(await answer.locator("ol ul > li").allTextContents(), ["inner"]);
    assertEquals(await answer.locator("blockquote").allTextContents(), ["quoted"]);
    assertEquals(await answer.locator("td, th").allTextContents(), ["a", "b", "1", "2"]);
    assertEquals(await answer.locator("img, script").count(), 0);
    // Code scrolls by itself, and the page does not.
    const wide = await answer.locator("pre").evaluate((pre) => pre.scrollWidth > pre.clientWidth);
    assert(wide, "the code block scrolls");
    await fits(page);
  });
});

browserTest(
  "on a phone everything fits, however long the answer is",
  async (browser) => {
    const long = Array.from({ length: 400 }, (_, i) => `Paragraph ${i}. ${"word ".repeat(30)}`);
    const answer: Answering = (asked) =>
      streamed(lastOf(asked) === "long" ? [long.join("\n\n")] : [RICH, "x".repeat(3000)]);
    const window = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    await atThePage(browser, answer, async (page) => {
      await fits(page);
      await send(page, "rich\nand in two lines");
      await page.locator("article.bot td").first().waitFor();
      await fits(page);
      await send(page, "long");
      await page.getByText("Paragraph 399").waitFor();
      await fits(page);
      await eventually("the end of the conversation", () => isAtEnd(page), PATIENCE);
      // A composer that grows takes its room from what is read, and the end stays in view.
      await page.locator("#text").fill(Array(30).fill("line").join("\n"));
      await fits(page);
      await eventually("the end of the conversation", () => isAtEnd(page), PATIENCE);
    }, { window });
  },
);

browserTest("what comes while one reads further up is announced by a button", async (browser) => {
  const spoken: Spoken[] = [];
  const answer: Answering = (asked) => {
    if (lastOf(asked) === "long") return streamed(["line\n\n".repeat(200)]);
    spoken.push(speak());
    return spoken.at(-1)!.response;
  };
  await atThePage(browser, answer, async (page) => {
    await send(page, "long");
    await page.locator("article.bot").waitFor();
    await send(page, "more");
    const agent = await eventually("the question", () => spoken[0], PATIENCE);
    await page.locator("#log").focus();
    await page.keyboard.press("Home");
    await eventually("the beginning", async () => await top(page) === 0, PATIENCE);
    agent.say("news");
    const button = page.getByRole("button", { name: "New messages" });
    await button.waitFor();
    assertEquals(await top(page), 0);
    await button.click();
    await button.waitFor({ state: "hidden" });
    agent.say(" and more");
    agent.end();
    await page.getByText("news and more").waitFor();
    await eventually("the end", () => isAtEnd(page), PATIENCE);
  });
});

browserTest("an agent that fails is one clear sentence in the chat", async (browser) => {
  const answer: Answering = (asked) =>
    lastOf(asked) === "fail"
      ? new Response("secret stack trace", { status: 500 })
      : streamed(["fine"]);
  await atThePage(browser, answer, async (page) => {
    await send(page, "fail");
    await page.getByText("⚠️ The agent had an error of its own.").waitFor();
    await send(page, "again");
    await page.getByText("fine").waitFor();
    assert(!(await page.content()).includes("stack trace"));
  });
});

browserTest("the keyboard alone is enough", async (browser) => {
  await atThePage(browser, () => streamed([RICH]), async (page) => {
    assertEquals((await focus(page)).name, "text", "one can write at once");
    await page.keyboard.type("first line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    await page.locator("article.bot td").first().waitFor();
    assertEquals((await said(page))[0], "You: first line\nsecond line");
    assertEquals((await focus(page)).name, "text", "and again");
    await page.keyboard.press("Enter");
    assertEquals(await page.locator("article.person").count(), 1, "nothing is not sent");
    const reached: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      const { name, outline } = await focus(page);
      if (name !== "") assertEquals(outline, "solid", `one sees where one is: ${name}`);
      reached.push(name);
    }
    for (const name of ["send", "new", "log", "copy", "pre", "a", "table", "text"]) {
      assert(reached.includes(name), `${name} can be reached: ${reached}`);
    }
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(`${colorScheme} colours can be read`, async (browser) => {
    const answer: Answering = (asked) =>
      lastOf(asked) === "x" ? streamed([RICH]) : new Response("", { status: 500 });
    await atThePage(browser, answer, async (page) => {
      await send(page, "x");
      await page.locator("article.bot td").first().waitFor();
      await send(page, "https://example.org `code`");
      await page.getByText("⚠️").waitFor();
      const { ratio, text } = await leastContrast(page);
      assert(ratio >= 4.5, `"${text}" has a contrast of ${ratio}`);
      assertMatch(await background(page), colorScheme === "dark" ? /^rgb\(\d\d,/ : /^rgb\(2\d\d,/);
    }, { window: { colorScheme } });
  });
}

browserTest("the page runs nothing but its own script, and loads nothing", async (browser) => {
  await using scene = await Scene.open(echo);
  await using person = await Person.sitDown(browser);
  const page = await person.open(scene.link);
  await connected(page);
  const requested: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  await page.reload();
  await connected(page);
  const elsewhere = requested.filter((url) =>
    !url.startsWith(scene.page) && !url.startsWith("data:")
  );
  assertEquals(elsewhere, []);
  assertEquals(person.complaints, []);
  assertEquals(await sneakIn(page), false);
  await eventually(
    "what the policy refuses",
    () => person.complaints.some((text) => text.includes("example.org")),
    PATIENCE,
  );
  for (const complaint of person.complaints) {
    assertMatch(complaint, /Content Security Policy|TrustedScript|Trusted/i);
  }
});

browserTest("without its link the page says what it needs", async (browser) => {
  await using scene = await Scene.open(echo);
  await using person = await Person.sitDown(browser);
  const page = await person.open(scene.page);
  await page.getByText("Not signed in").waitFor();
  assertStringIncludes(await page.locator("#log").innerText(), "mesh ocg status");
  assert(await page.getByLabel("Message", { exact: true }).isDisabled());
  // The link in the same tab is enough.
  await page.goto(scene.link);
  await connected(page);
  await send(page, "hi");
  await saysIt(page, ["You: hi", "Answer: You said: hi"]);
});
