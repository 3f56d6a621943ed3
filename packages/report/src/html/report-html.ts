import type { Report } from '../report/report.js';
import { drawnGroups } from '../report/figures.js';
import { clean, nameOf } from '../text/clean.js';
import { counted } from '../text/numbers.js';
import { html, raw, type Html } from './html.js';
import { sections } from './sections/index.js';
import { style } from './style.js';

/** The policy of a page that may load nothing and run nothing, whatever names it contains. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * Writes a report as one page of HTML: light and dark, readable on a phone, without scripts and without anything from the network. Charts
 * are SVG with a table of their numbers. The same report gives the same page.
 * @example await writeFile('report.html', await reportHtml(report));
 */
export async function reportHtml(report: Report): Promise<string> {
  // The drawing library is loaded only when a chart is drawn.
  const { chartSvg, chartVariables } = await import('@temper/plots/svg');
  const shown = sections.flatMap((section) => section(report, chartSvg) ?? []);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${nameOf(report.title, 80)}</title>
<style>${raw(style(chartVariables('light'), chartVariables('dark')))}</style>
</head>
<body>
<header><h1>${nameOf(report.title, 120)}</h1><p class="dim">${about(report)}</p></header>
${notes(report)}
<nav aria-label="Sections"><ul>${shown.map(linkTo)}</ul></nav>
<main>
${shown}
</main>
</body>
</html>
`.markup;
}

/** Returns the link to a section, from the id and the heading in its markup. */
function linkTo({ markup }: Html): Html {
  const [, id = '', title = ''] = /id="(\w+)-title">(.*?)<\/h2>/.exec(markup) ?? [];
  return html`<li><a href="#${id}">${raw(title)}</a></li>`;
}

function about({ groups, kind }: Report): string {
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0);
  if (kind === 'run') return `Run in ${clean(groups[0]?.runs[0]?.location ?? '')}`;
  return `${counted(groups.length, kind === 'comparison' ? 'variant' : 'config')}, ${counted(runs, 'run')}`;
}

function notes(report: Report): Html | undefined {
  const drawn = drawnGroups(report).length;
  const left = report.groups.length - drawn;
  const all = [
    ...report.notes,
    ...(left > 0 ? [`Charts show ${drawn} of ${report.groups.length}; the table of results has all of them.`] : []),
  ];
  if (all.length === 0) return undefined;
  return html`<div class="warnings" role="note" aria-label="Notes"><ul>${all.map((one) => html`<li>${one}</li>`)}</ul></div>`;
}
