/**
 * The webchat's page: one document without anything from elsewhere.
 *
 * @module
 */
import { PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";

/** Where the page is. */
export const WEBCHAT_PATH = "/chat";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f6f6f4" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#161715" media="(prefers-color-scheme: dark)">
<meta name="referrer" content="no-referrer">
<title>Chat</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>Chat</h1>
<p id="state" role="status">Connecting</p>
<button id="new" type="button">New chat</button>
</header>
<main id="log" role="log" aria-live="off" aria-label="Conversation" tabindex="0"></main>
<p id="hint">Write to the agent. The conversation stays here when you come back.</p>
<p id="typing" role="status" aria-hidden="true"><span class="unseen">An answer is being written</span><i></i><i></i><i></i></p>
<div id="spoken" class="unseen" aria-live="polite"></div>
<button id="newest" type="button" hidden>↓ New messages</button>
<form id="form">
<label for="text" class="unseen">Message</label>
<textarea id="text" rows="1" maxlength="20000" placeholder="Message" enterkeyhint="send" autofocus></textarea>
<button id="send" type="submit">Send</button>
</form>
<noscript>This page needs JavaScript.</noscript>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;

let headers: Promise<Record<string, string>> | undefined;

/**
 * The page. It holds nothing secret: who has no token sees an empty one.
 *
 * @returns The answer to a browser.
 */
export async function webchatPage(): Promise<Response> {
  headers ??= makeHeaders();
  return new Response(PAGE, { headers: await headers });
}

/** Only the page's own script and style run, named by their digests, and it talks to nobody else. */
async function makeHeaders(): Promise<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    `script-src '${await digest(PAGE_SCRIPT)}'`,
    `style-src '${await digest(PAGE_STYLE)}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(bytes).toBase64()}`;
}
