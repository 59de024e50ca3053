/**
 * What the webchat's page does. Whatever was said is put into the page as text nodes, never as markup.
 *
 * @module
 */

/** The script. A raw template: no backquotes in it, and no dollar sign before a brace. */
export const PAGE_SCRIPT: string = String.raw`"use strict";
(() => {
  const BASE = "/chat";
  const $ = (id) => document.getElementById(id);
  const log = $("log"), form = $("form"), input = $("text"), state = $("state");
  const shown = new Map();
  let typingTimer, source, wait = 1000, busy = Promise.resolve();

  const make = (name, text, className) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  // Code, bold and addresses; everything else stays as written.
  const INLINE = /\x60([^\x60\n]+)\x60|\*\*(?=\S)([^*\n]+)\*\*|\[([^\[\]\n]+)\]\((https?:\/\/[^\s()]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/g;
  const inline = (into, text) => {
    let end = 0;
    for (const found of text.matchAll(INLINE)) {
      into.append(text.slice(end, found.index));
      const [whole, code, bold, label, url, bare] = found;
      if (code !== undefined) into.append(make("code", code));
      else if (bold !== undefined) into.append(make("strong", bold));
      else {
        const link = make("a", label ?? bare);
        link.href = url ?? bare;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        into.append(link);
      }
      end = found.index + whole.length;
    }
    into.append(text.slice(end));
  };
  const render = (text) => {
    const out = document.createDocumentFragment();
    let fence, lines = [];
    const flush = () => {
      const block = lines.join("\n");
      lines = [];
      if (fence !== undefined) {
        const pre = make("pre");
        pre.tabIndex = 0;
        pre.append(make("code", block));
        out.append(pre);
      } else if (block.trim() !== "") inline(out.appendChild(make("p")), block.replace(/^\n+|\n+$/g, ""));
    };
    for (const line of text.split("\n")) {
      const mark = /^ {0,3}(\x60{3,}|~{3,})/.exec(line)?.[1];
      if (fence === undefined ? mark : mark?.startsWith(fence) && line.trim() === mark) {
        flush();
        fence = fence === undefined ? mark : undefined;
        continue;
      }
      const heading = fence === undefined && /^ {0,3}#{1,6} +(.*?)(?: +#+)? *$/.exec(line)?.[1];
      if (heading) {
        flush();
        out.appendChild(make("p")).append(make("strong", heading.replaceAll("**", "")));
      } else lines.push(line);
    }
    flush();
    return out;
  };

  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const show = (message) => {
    const follow = atEnd();
    let node = shown.get(message.id) ?? (message.key && shown.get(message.key));
    if (!node) {
      node = make("article");
      // In order of time, also if an answer and a message cross.
      const later = [...log.children].find((other) => other.dataset.at > String(message.at));
      log.insertBefore(node, later ?? null);
    }
    node.className = "message " + (message.from === "bot" ? "bot" : "person") + (message.unsent ? " unsent" : "");
    node.dataset.at = message.at;
    node.setAttribute("aria-label", message.from === "bot" ? "Answer" : "You");
    const time = make("time", new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
    time.dateTime = new Date(message.at).toISOString();
    node.replaceChildren(render(message.text), time);
    if (message.id) shown.set(message.id, node);
    if (message.key) shown.set(message.key, node);
    if (message.from === "bot") typing(false);
    if (follow) log.scrollTop = log.scrollHeight;
  };
  const typing = (on) => {
    clearTimeout(typingTimer);
    $("typing").hidden = !on;
    if (on) typingTimer = setTimeout(() => typing(false), 8000);
  };
  const notice = (text) => {
    if (log.lastElementChild?.textContent !== text) log.append(make("p", text, "notice"));
  };
  const tell = (text) => { if (state.textContent !== text) state.textContent = text; };

  const post = (path, value) =>
    fetch(BASE + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(value),
    });

  const connect = () => {
    source?.close();
    source = new EventSource(BASE + "/events");
    source.addEventListener("history", (event) => {
      wait = 1000;
      tell("Connected");
      const unsent = [...log.querySelectorAll(".unsent")];
      log.replaceChildren();
      const keys = new Map([...shown].filter(([, node]) => unsent.includes(node)));
      shown.clear();
      for (const message of JSON.parse(event.data)) show(message);
      for (const [key, node] of keys) {
        if (shown.has(key)) continue;
        shown.set(key, node);
        log.append(node);
      }
      log.scrollTop = log.scrollHeight;
    });
    source.addEventListener("message", (event) => show(JSON.parse(event.data)));
    source.addEventListener("typing", () => typing(true));
    source.onerror = async () => {
      tell("Connecting");
      if (source.readyState !== EventSource.CLOSED) return;
      const session = await fetch(BASE + "/session").catch(() => undefined);
      if (session?.status === 401) return signedOut();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 30000);
    };
  };
  const signedOut = () => {
    tell("Not signed in");
    notice("This page needs its link. Open the link that the program printed.");
    $("send").disabled = input.disabled = $("new").disabled = true;
  };

  const randomKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  // Tries until it is taken; the key makes it count once.
  const deliver = async (message) => {
    for (let pause = 1000;; pause = Math.min(pause * 2, 15000)) {
      const answer = await post("/messages", { key: message.key, text: message.text }).catch(() => undefined);
      if (answer?.ok) return show({ ...message, unsent: false, id: (await answer.json()).id });
      if (answer?.status === 401) return signedOut();
      if (answer && answer.status < 500 && answer.status !== 429) {
        return notice((await answer.json().catch(() => ({}))).error ?? "The message was refused");
      }
      tell("Not sent yet, trying again");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  const fit = () => {
    input.style.height = "auto";
    input.style.height = input.scrollHeight + 2 + "px";
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === "") return;
    const message = { key: randomKey(), text, from: "person", at: Date.now(), unsent: true };
    show(message);
    log.scrollTop = log.scrollHeight;
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
  $("new").addEventListener("click", async () => {
    const answer = await post("/room", {}).catch(() => undefined);
    if (!answer?.ok) return tell("Not possible at the moment");
    shown.clear();
    log.replaceChildren();
    connect();
    input.focus();
  });

  // The link, opened in a tab that shows the page already.
  addEventListener("hashchange", () => location.reload());
  (async () => {
    const token = location.hash.slice(1);
    if (token !== "") {
      const answer = await post("/session", { token }).catch(() => undefined);
      // The address must not keep the token where others read it over the shoulder.
      if (answer?.ok) history.replaceState(null, "", BASE);
    }
    connect();
  })();
})();
`;
