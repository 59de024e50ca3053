/**
 * How the webchat's page shows the Markdown that agents write: a part of its script. Everything becomes
 * elements and text nodes, never markup, and only http and https addresses become links.
 *
 * @module
 */

/**
 * Defines `make(name, text, className)`, which makes an element, and `blocksOf(text)`, which cuts a text
 * into blocks with their `source` and a `build()` that makes an element of it: of a text that has grown,
 * only the last ones need to be made anew. A raw template: no backquotes in it, and no dollar sign before
 * a brace.
 */
export const PAGE_MARKDOWN: string = String.raw`
  const make = (name, text, className) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  // Code, bold, struck, slanted, links with a name and without one; all else stays as written. What could
  // be looked for to the end of a long line again and again has a limit.
  const INLINE = /(?<!\x60)(\x60+)(?!\x60)([^\n]{0,2000}?[^\x60\n])\1(?!\x60)|\*\*(?=\S)([^\n]{0,2000}?\S)\*\*|~~(?=\S)([^~\n]+)~~|(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])|\[([^\[\]\n]+)\]\((https?:\/\/[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'*])/g;
  const link = (url) => {
    const node = make("a");
    node.href = url;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    return node;
  };
  const inline = (into, text, depth = 0) => {
    let end = 0;
    for (const found of depth > 4 ? [] : text.matchAll(INLINE)) {
      const [whole, , code, bold, struck, slanted, label, url, bare] = found;
      into.append(text.slice(end, found.index));
      end = found.index + whole.length;
      if (code !== undefined) into.append(make("code", code.length > 2 ? code.replace(/^ (.*\S.*) $/, "$1") : code));
      else if (bold !== undefined) into.append(inline(make("strong"), bold, depth + 1));
      else if (struck !== undefined) into.append(inline(make("s"), struck, depth + 1));
      else if (slanted !== undefined) into.append(inline(make("em"), slanted, depth + 1));
      else into.append(url ? inline(link(url), label, 5) : inline(link(bare), bare, 5));
    }
    into.append(text.slice(end));
    return into;
  };

  const FENCE = /^( *)(?:(\x60{3,})([^\x60]*)|(~{3,})(.*))$/;
  const HEADING = /^ {0,3}(#{1,6}) +(.*)$/;
  const ITEM = /^( *)([-*+]|\d{1,9}[.)]) +(.*)$/;
  const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
  const DIVIDER = /^ *(?:\| *)?:?-+:? *(?:\| *:?-+:? *)*(?:\| *)?$/;

  const codeBlock = (lines, language) => {
    const block = make("div", undefined, "code");
    const bar = block.appendChild(make("div", undefined, "bar"));
    bar.append(make("span", language));
    const text = lines.join("\n");
    if (navigator.clipboard) {
      const copy = bar.appendChild(make("button", "Copy", "copy"));
      copy.type = "button";
      copy.addEventListener("click", async () => {
        const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
        copy.textContent = copied ? "Copied" : "Not possible";
        setTimeout(() => copy.textContent = "Copy", 2000);
      });
    }
    const pre = block.appendChild(make("pre"));
    pre.tabIndex = 0;
    pre.append(make("code", text));
    return block;
  };
  const list = (lines) => {
    const top = { indent: -1, into: make("div") };
    const open = [top];
    for (const line of lines) {
      const [, { length: indent } = "", mark, text] = ITEM.exec(line) ?? [];
      if (mark === undefined) {
        if (line.trim() !== "") inline(open.at(-1).into, "\n" + line.trim());
        continue;
      }
      // Items at least two further in than the one above belong to it.
      while (open.length > 2 && open.at(-1).indent > indent) open.pop();
      const kind = /\d/.test(mark) ? "ol" : "ul";
      let level = open.at(-1);
      if (level === top || indent - level.indent >= 2) open.push(level = { indent, under: level.into });
      if (level.node?.localName !== kind) {
        level.node = level.under.appendChild(make(kind));
        if (kind === "ol") level.node.start = parseInt(mark, 10);
      }
      inline(level.into = level.node.appendChild(make("li")), text);
    }
    return top.into;
  };
  const cellsOf = (line) =>
    line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|").trim());
  const table = ([head, , ...rows]) => {
    const frame = make("div", undefined, "table");
    frame.tabIndex = 0;
    const node = frame.appendChild(make("table"));
    const names = cellsOf(head);
    const row = (into, kind, cells) => {
      const line = into.appendChild(make("tr"));
      names.forEach((_, i) => inline(line.appendChild(make(kind)), cells[i] ?? ""));
    };
    row(node.createTHead(), "th", names);
    const body = node.createTBody();
    for (const line of rows) row(body, "td", cellsOf(line));
    return frame;
  };

  const blocksOf = (text, depth = 0) => {
    const lines = text.split("\n");
    const blocks = [];
    let at = 0;
    // From the line at on, so many: a block.
    const take = (count, build) => {
      const taken = lines.slice(at, at += count);
      blocks.push({ source: taken.join("\n"), build: () => build(taken) });
    };
    const run = (goesOn) => {
      let count = 1;
      while (at + count < lines.length && goesOn(lines[at + count], at + count)) count++;
      return count;
    };
    const isTable = (i) => lines[i].includes("|") && lines[i + 1]?.includes("|") && DIVIDER.test(lines[i + 1]);
    const begins = (i) =>
      FENCE.test(lines[i]) || HEADING.test(lines[i]) || RULE.test(lines[i]) || ITEM.test(lines[i]) || /^ {0,3}>/.test(lines[i]) || isTable(i);
    while (at < lines.length) {
      const line = lines[at];
      const fence = FENCE.exec(line);
      if (line.trim() === "") at++;
      else if (fence) {
        const [, { length: indent }, ticks, info, mark = ticks, words = info] = fence;
        const [language] = words.trim().split(" ");
        const isEnd = (other) => other.trim().startsWith(mark) && other.trim().split(mark[0]).join("") === "";
        const inside = run((other) => !isEnd(other));
        const own = (other) => other.slice(Math.min(indent, other.search(/[^ ]|$/)));
        take(inside + (at + inside < lines.length ? 1 : 0), (taken) => codeBlock(taken.slice(1, inside).map(own), language));
      } else if (HEADING.test(line)) {
        const [, { length: level }, title] = HEADING.exec(line);
        take(1, () => inline(make("h" + Math.min(level + 1, 6)), title.trimEnd().replace(/ #+$/, "")));
      } else if (RULE.test(line)) take(1, () => make("hr"));
      else if (/^ {0,3}>/.test(line) && depth < 5) {
        take(run((other) => /^ {0,3}>/.test(other)), (taken) => {
          const quote = make("blockquote");
          const inner = taken.map((other) => other.replace(/^ {0,3}> ?/, "")).join("\n");
          quote.append(...blocksOf(inner, depth + 1).map((block) => block.build()));
          return quote;
        });
      } else if (isTable(at)) take(run((other) => other.includes("|")), table);
      else if (ITEM.test(line)) {
        take(run((other, i) => {
          if (FENCE.test(other)) return false;
          if (other.trim() !== "") return ITEM.test(other) || /^ {2,}\S/.test(other) || (lines[i - 1].trim() !== "" && !begins(i));
          return i + 1 < lines.length && (ITEM.test(lines[i + 1]) || /^ {2,}\S/.test(lines[i + 1])) && !FENCE.test(lines[i + 1]);
        }), list);
      } else take(run((other, i) => other.trim() !== "" && !begins(i)), (taken) => inline(make("p"), taken.join("\n")));
    }
    return blocks;
  };
`;
