/**
 * How the webchat's page looks: one column, from a phone's width on, light or dark as the system is.
 *
 * @module
 */

/** The style sheet. All text has a contrast of at least 4.5 to 1 with what is behind it. */
export const PAGE_STYLE = `
:root {
  --page: #f6f6f4; --ink: #1c1c1a; --soft: #5d5d58; --line: #d9d9d4; --edge: #8b8b84;
  --bot: #ffffff; --mine: #1f5f4a; --mine-ink: #ffffff; --code: #f0f0ec; --focus: #1f5f4a;
  --good: #2b7a5f; --bad: #b3541e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161715; --ink: #ecece8; --soft: #a8a8a1; --line: #35362f; --edge: #75766d;
    --bot: #21221f; --mine: #266b53; --mine-ink: #ffffff; --code: #181916; --focus: #6fc3a5;
    --good: #6fc3a5; --bad: #eda36f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; }
html { background: var(--page); }
body {
  display: flex; flex-direction: column; height: 100dvh; max-width: 52rem; margin: 0 auto; position: relative;
  background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header { display: flex; align-items: center; gap: .75rem; padding: .6rem .9rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1rem; margin: 0; }
#state { flex: 1; margin: 0; color: var(--soft); font-size: .85rem; }
#state::before { content: ""; display: inline-block; width: .55em; height: .55em; margin-right: .45em; border-radius: 50%; background: var(--soft); }
#state[data-kind=good]::before { background: var(--good); }
#state[data-kind=bad]::before { background: var(--bad); }
main {
  flex: 1; min-height: 0; overflow: hidden auto; padding: .9rem; display: flex; flex-direction: column; gap: .6rem;
  overscroll-behavior: contain; overflow-anchor: none;
}
main > :first-child { margin-top: auto; }
.message { flex: none; max-width: 88%; padding: .55rem .85rem .4rem; border-radius: .9rem; overflow-wrap: anywhere; }
.bot { align-self: flex-start; background: var(--bot); border: 1px solid var(--line); border-bottom-left-radius: .25rem; }
.person { align-self: flex-end; background: var(--mine); color: var(--mine-ink); border-bottom-right-radius: .25rem; }
.unsent { opacity: .7; }
.refused { background: none; color: inherit; border: 1px dashed var(--bad); }
.message time { display: block; font-size: .72rem; text-align: right; color: var(--soft); }
.person:not(.refused) time { color: inherit; }
.text > * { margin: .65rem 0; }
.text > :first-child { margin-top: 0; }
.text > :last-child { margin-bottom: 0; }
.text p, .text li { white-space: pre-wrap; }
.text ul, .text ol { margin: 0; padding-left: 1.5rem; }
.text li > :is(ul, ol) { white-space: normal; }
.text :is(h2, h3, h4, h5, h6) { font-size: 1rem; line-height: 1.35; }
.text h2 { font-size: 1.2rem; }
.text h3 { font-size: 1.08rem; }
.text hr { border: 0; border-top: 1px solid var(--line); }
.text blockquote { padding-left: .8rem; border-left: 3px solid var(--line); color: var(--soft); }
.person .text blockquote { color: inherit; }
.text blockquote > * { margin: 0 0 .4rem; }
.text blockquote > :last-child { margin: 0; }
.person:not(.refused) a { color: inherit; }
.bot a { color: var(--focus); }
.code, .table { border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; background: var(--code); color: var(--ink); }
.table { width: fit-content; max-width: 100%; overflow-x: auto; background: none; color: inherit; }
.bar { display: flex; justify-content: space-between; align-items: center; min-height: 1.9rem; padding: 0 .3rem 0 .7rem; color: var(--soft); font-size: .78rem; border-bottom: 1px solid var(--line); }
.copy { min-height: 1.6rem; padding: 0 .5rem; border: 0; border-radius: .4rem; background: none; font-size: inherit; }
.copy:hover { background: var(--line); }
pre { margin: 0; padding: .6rem .7rem; overflow-x: auto; max-height: 70dvh; font-size: .85rem; line-height: 1.45; overflow-wrap: normal; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.text :not(pre) > code { border-radius: .3rem; padding: .05em .3em; font-size: .9em; }
.bot .text :not(pre) > code { background: var(--code); border: 1px solid var(--line); }
table { border-collapse: collapse; font-size: .92rem; overflow-wrap: normal; }
th, td { padding: .3rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tr:last-child > td { border-bottom: 0; }
#hint { position: absolute; inset: 40% 0 auto; margin: 0 auto; padding: 0 1.5rem; max-width: 26rem; text-align: center; color: var(--soft); pointer-events: none; }
#newest { position: absolute; left: 50%; bottom: 6.4rem; transform: translateX(-50%); box-shadow: 0 2px 10px #0004; font-size: .85rem; min-height: 2.2rem; }
#typing { display: flex; align-items: center; gap: .3rem; height: 1.4rem; margin: 0; padding: 0 1.2rem; visibility: hidden; }
#typing.on { visibility: visible; }
#typing i { width: .4rem; height: .4rem; border-radius: 50%; background: var(--soft); }
.notice { flex: none; align-self: center; margin: .5rem 0; padding: 0 1rem; color: var(--bad); text-align: center; max-width: 30rem; }
form { display: flex; align-items: flex-end; gap: .5rem; padding: .2rem .9rem calc(.7rem + env(safe-area-inset-bottom)); }
textarea {
  flex: 1; min-width: 0; resize: none; max-height: 40dvh; padding: .55rem .85rem; font: inherit; color: inherit;
  background: var(--bot); border: 1px solid var(--edge); border-radius: .9rem;
}
textarea::placeholder { color: var(--soft); opacity: 1; }
button { font: inherit; padding: .45rem .95rem; border-radius: .9rem; border: 1px solid var(--edge); background: var(--bot); color: inherit; cursor: pointer; min-height: 2.7rem; }
#send { background: var(--mine); border-color: var(--mine); color: var(--mine-ink); }
#new { padding: .2rem .8rem; min-height: 2.2rem; font-size: .85rem; border-color: var(--line); }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
:is(textarea, main, pre, .table):focus-visible { outline-offset: -2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) {
  #typing.on i { animation: swell 1.2s infinite; }
  #typing i:nth-child(2) { animation-delay: .2s; }
  #typing i:nth-child(3) { animation-delay: .4s; }
  @keyframes swell { 30% { opacity: .25; } 60% { opacity: 1; } }
}
@media (max-width: 30rem) { .message { max-width: 94%; } .person { max-width: 85%; } }
`;
