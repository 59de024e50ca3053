/**
 * How the webchat's page looks: one column, from a phone's width on, light or dark as the system is.
 *
 * @module
 */

/** The style sheet. */
export const PAGE_STYLE = `
:root {
  --page: #f6f6f4; --ink: #1c1c1a; --soft: #5d5d58; --line: #d9d9d4;
  --bot: #ffffff; --mine: #1f5f4a; --mine-ink: #ffffff; --code: #ecece8; --focus: #1f5f4a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161715; --ink: #ececE8; --soft: #a3a39c; --line: #35362f;
    --bot: #21221f; --mine: #2b7a5f; --mine-ink: #ffffff; --code: #121311; --focus: #6fc3a5;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: flex; flex-direction: column; height: 100dvh; max-width: 52rem; margin: 0 auto;
  background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
html { background: var(--page); }
header { display: flex; align-items: center; gap: .75rem; padding: .6rem .9rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1rem; margin: 0; }
#state { flex: 1; margin: 0; color: var(--soft); font-size: .85rem; }
main { flex: 1; overflow-y: auto; padding: .9rem; display: flex; flex-direction: column; gap: .6rem; overscroll-behavior: contain; }
.message { max-width: 88%; padding: .5rem .8rem; border-radius: .9rem; overflow-wrap: anywhere; }
.message p { margin: 0; white-space: pre-wrap; }
.bot { align-self: flex-start; background: var(--bot); border: 1px solid var(--line); border-bottom-left-radius: .25rem; }
.person { align-self: flex-end; background: var(--mine); color: var(--mine-ink); border-bottom-right-radius: .25rem; }
.unsent { opacity: .6; }
.message time { display: block; font-size: .7rem; opacity: .75; text-align: right; }
.person a { color: inherit; }
.bot a { color: var(--focus); }
pre { margin: .4rem 0; padding: .6rem; background: var(--code); border-radius: .5rem; overflow-x: auto; font-size: .85em; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.bot p code { background: var(--code); border-radius: .3rem; padding: .05em .3em; font-size: .9em; }
#typing { margin: 0; padding: 0 1rem .4rem; color: var(--soft); font-size: .85rem; }
.notice { align-self: center; color: var(--soft); text-align: center; max-width: 30rem; }
form { display: flex; gap: .5rem; padding: .6rem .9rem calc(.6rem + env(safe-area-inset-bottom)); border-top: 1px solid var(--line); }
textarea {
  flex: 1; min-width: 0; resize: none; max-height: 40dvh; padding: .55rem .8rem; font: inherit; color: inherit;
  background: var(--bot); border: 1px solid var(--line); border-radius: .8rem;
}
button { font: inherit; padding: .45rem .9rem; border-radius: .8rem; border: 1px solid var(--line); background: var(--bot); color: inherit; cursor: pointer; min-height: 2.6rem; }
#send { background: var(--mine); border-color: var(--mine); color: var(--mine-ink); }
#new { padding: .2rem .7rem; min-height: 2.2rem; font-size: .85rem; }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) { main { scroll-behavior: smooth; } }
`;
