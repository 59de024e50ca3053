/**
 * What the webchat's page does. Whatever was said is put into the page as text nodes, never as markup.
 *
 * @module
 */
import { PAGE_MARKDOWN } from "./page_markdown.ts";

/** The script. A raw template: no backquotes in it, and no dollar sign before a brace but ours. */
export const PAGE_SCRIPT: string = String.raw`"use strict";
(() => {
  const BASE = "/chat";
  const TITLE = document.title;
  const $ = (id) => document.getElementById(id);
  const log = $("log"), form = $("form"), input = $("text"), state = $("state"), newest = $("newest");
  ${PAGE_MARKDOWN}
  const shown = new Map();
  // Whether the end is to stay in view: until the person scrolls up.
  let pinned = true, last = 0;
  const toEnd = () => {
    log.scrollTop = log.scrollHeight;
    last = log.scrollTop;
    pinned = true;
    newest.hidden = true;
  };
  log.addEventListener("scroll", () => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    if (atEnd) toEnd();
    else if (log.scrollTop < last) pinned = false;
    last = log.scrollTop;
  }, { passive: true });
  // A composer or a keyboard on the screen that grows takes room from the log.
  new ResizeObserver(() => pinned && toEnd()).observe(log);
  newest.addEventListener("click", () => {
    toEnd();
    input.focus();
  });

  const timeOf = (at) => {
    const date = new Date(at);
    const today = date.toDateString() === new Date().toDateString();
    const day = today ? {} : { day: "numeric", month: "short" };
    return date.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" });
  };
  // Only blocks that have changed are made anew: what is selected or scrolled in the others stays.
  const fill = (node, text) => {
    const blocks = blocksOf(text);
    let same = 0;
    while (same < blocks.length && node.sources?.[same] === blocks[same].source) same++;
    while (node.children.length > same) node.lastElementChild.remove();
    node.append(...blocks.slice(same).map((block) => block.build()));
    node.sources = blocks.map(({ source }) => source);
  };
  const add = (message) => {
    const node = make("article");
    node.append(make("div", undefined, "text"), make("time"));
    // In order of time, also if an answer and a message cross.
    const later = [...log.children].find((other) => Number(other.dataset.at) > message.at);
    log.insertBefore(node, later ?? null);
    return node;
  };
  const show = (message) => {
    const node = shown.get(message.id) ?? shown.get(message.key) ?? add(message);
    const bot = message.from === "bot";
    node.className = "message " + (bot ? "bot" : "person") + (message.unsent ? " unsent" : "");
    node.dataset.at = message.at;
    node.setAttribute("aria-label", bot ? "Answer" : "You");
    fill(node.firstElementChild, message.text);
    const time = node.lastElementChild;
    time.textContent = message.unsent ? "Sending …" : timeOf(message.at);
    time.dateTime = new Date(message.at).toISOString();
    if (message.id) shown.set(message.id, node);
    if (message.key) shown.set(message.key, node);
    $("hint").hidden = true;
    if (pinned) toEnd();
    else if (bot) newest.hidden = false;
    return node;
  };

  // What is read out is a whole answer, once it has stopped growing.
  let quiet, growing = 0;
  const heard = (message) => {
    show(message);
    if (message.from !== "bot") return;
    growing = Date.now();
    typing(false);
    if (document.hidden) document.title = "● " + TITLE;
    clearTimeout(quiet);
    quiet = setTimeout(() => $("spoken").textContent = "Answer: " + message.text, 1500);
  };
  addEventListener("visibilitychange", () => {
    if (!document.hidden) document.title = TITLE;
  });
  let typingTimer;
  const typing = (on) => {
    clearTimeout(typingTimer);
    $("typing").classList.toggle("on", on);
    $("typing").setAttribute("aria-hidden", String(!on));
    if (on) typingTimer = setTimeout(() => typing(false), 8000);
  };
  const notice = (text) => {
    if (log.lastElementChild?.textContent === text) return;
    const node = make("p", text, "notice");
    node.setAttribute("role", "alert");
    log.append(node);
    if (pinned) toEnd();
  };
  const tell = (text, kind) => {
    if (state.textContent !== text) state.textContent = text;
    state.dataset.kind = kind;
  };

  const post = (path, value) =>
    fetch(BASE + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(value),
    }).catch(() => undefined);

  let source, wait = 1000;
  const connect = () => {
    source?.close();
    source = new EventSource(BASE + "/events");
    source.addEventListener("history", (event) => {
      wait = 1000;
      tell("Connected", "good");
      const messages = JSON.parse(event.data);
      const kept = new Set(messages.map(show));
      for (const [name, node] of shown) {
        if (kept.has(node) || node.classList.contains("unsent")) continue;
        node.remove();
        shown.delete(name);
      }
      $("hint").hidden = shown.size > 0;
    });
    source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
    // An answer that grows is sign enough.
    source.addEventListener("typing", () => Date.now() - growing > 5000 && typing(true));
    const own = source;
    source.onerror = async () => {
      tell("Connection lost, trying again", "bad");
      if (own.readyState !== EventSource.CLOSED) return;
      const session = await fetch(BASE + "/session").catch(() => undefined);
      if (session?.status === 401) return signedOut();
      setTimeout(() => own === source && connect(), wait);
      wait = Math.min(wait * 2, 15000);
    };
  };
  const begin = () => {
    log.replaceChildren();
    shown.clear();
    typing(false);
    toEnd();
    connect();
  };
  const signedOut = () => {
    tell("Not signed in", "bad");
    $("hint").hidden = true;
    notice("This page opens with its link, which is secret. \"mesh ocg status\" shows it.");
    $("send").disabled = input.disabled = $("new").disabled = true;
  };

  const randomKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  // Tries until it is taken; the key makes it count once.
  const deliver = async (message) => {
    for (let pause = 1000;; pause = Math.min(pause * 2, 15000)) {
      const answer = await post("/messages", { key: message.key, text: message.text });
      if (answer?.ok) return show({ ...message, unsent: false, id: (await answer.json()).id });
      if (answer?.status === 401) return signedOut();
      if (answer && answer.status < 500 && answer.status !== 429) {
        const { error = "The message was refused" } = await answer.json().catch(() => ({}));
        const node = show(message);
        node.classList.replace("unsent", "refused");
        node.lastElementChild.textContent = "Not sent";
        return notice(error);
      }
      tell("Not sent yet, trying again", "bad");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  let busy = Promise.resolve();
  const fit = () => {
    input.style.height = "auto";
    input.style.height = input.scrollHeight + 2 + "px";
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === "" || input.disabled) return;
    const message = { key: randomKey(), text, from: "person", at: Date.now(), unsent: true };
    growing = 0;
    show(message);
    toEnd();
    input.value = "";
    fit();
    input.focus();
    // One after the other, so that they arrive in order.
    busy = busy.then(() => deliver(message)).catch(() => {});
  });
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    // On a touch screen Enter makes a new line; there is a button.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  addEventListener("beforeunload", (event) => {
    if (log.querySelector(".unsent")) event.preventDefault();
  });
  // All tabs of a browser are in one room.
  const tabs = new BroadcastChannel("mesh chat");
  tabs.onmessage = begin;
  $("new").addEventListener("click", async () => {
    const answer = await post("/room", {});
    if (!answer?.ok) return tell("Not possible at the moment", "bad");
    tabs.postMessage("room");
    begin();
    input.focus();
  });

  // The link, opened in a tab that shows the page already.
  addEventListener("hashchange", () => location.reload());
  (async () => {
    const token = location.hash.slice(1);
    if (token !== "") {
      const answer = await post("/session", { token });
      // The address must not keep the token where others read it over the shoulder.
      if (answer?.ok) history.replaceState(null, "", BASE);
    }
    connect();
  })();
})();
`;
