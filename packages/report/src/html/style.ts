/** Returns the style sheet of a report, without the variables of its charts. */
export const style = (light: string, dark: string): string => `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1c2530; --dim: #55606e; --line: #dde2e8; --box: #f5f7f9; --link: #1d4ed8; --shade: #2563eb;
  ${light}
}
@media (prefers-color-scheme: dark) {
  :root { --page: #12161c; --ink: #e2e7ee; --dim: #a3adb9; --line: #2f3742; --box: #1a2028; --link: #8db4ff; --shade: #5b8def; ${dark} }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 16px; max-width: 1180px; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, Roboto, Helvetica, Arial, sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 8px 0; }
h2 { font-size: 1.25rem; margin: 40px 0 8px; padding-top: 12px; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 20px 0 4px; }
a { color: var(--link); }
p { margin: 8px 0; max-width: 75ch; }
.note, .dim { color: var(--dim); }
.note { font-size: .92rem; }
.warnings { background: var(--box); border-left: 4px solid var(--plot-1); padding: 8px 16px; }
.warnings ul, nav ul { margin: 0; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; }
nav a { display: inline-block; padding: 4px 0; }
.legend { list-style: none; padding: 0; margin: 12px 0; display: flex; flex-wrap: wrap; gap: 4px 18px; }
.legend li { max-width: 100%; }
.swatch { vertical-align: middle; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 20px; align-items: start; }
figure { margin: 0; min-width: 0; }
figure > svg { display: block; width: 100%; max-width: 480px; height: auto; }
figcaption { font-weight: 600; }
summary { cursor: pointer; padding: 4px 0; color: var(--link); }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; }
th { font-weight: 600; text-align: left; min-width: 4ch; }
tbody th { font-weight: 400; max-width: 40ch; overflow-wrap: anywhere; min-width: 9ch; }
.figure { text-align: right; white-space: nowrap; }
td.text { min-width: 12ch; overflow-wrap: anywhere; }
pre { background: var(--box); padding: 10px; margin: 8px 0; font-size: .85rem; overflow-wrap: normal; }
pre.scroll { max-height: 480px; overflow: auto; }
.shade { display: block; margin: -4px -10px; padding: 4px 10px; min-width: 44px; }
${Array.from({ length: 8 }, (_, i) => shadeOf(i + 1)).join('\n')}
.s0 { color: var(--dim); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media print { nav { display: none; } figure, tr { break-inside: avoid; } }
`;

/** Returns the background of a matrix cell: light enough for the text on it, on light and dark pages. */
const shadeOf = (step: number): string => `.s${step} { background: color-mix(in srgb, var(--shade) ${6 * step}%, transparent); }`;
