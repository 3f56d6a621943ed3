import { judgedNetworks, type JudgedNetwork } from '../../report/judged-networks.js';
import { nameOf } from '../../text/clean.js';
import { counted, whole } from '../../text/numbers.js';
import { html, type Child, type Html } from '../html.js';
import { note, section, type Section } from '../section.js';
import { table } from '../table.js';

/** The maximum number of classes of a readable matrix; for more, the most frequent confusions are listed. */
const mostClasses = 20;
const mostRows = 25;
/** The maximum number of networks whose matrix is shown. */
const mostNetworks = 4;
/** The number of shades; each is a class in the style sheet. */
const shades = 8;

/** Shows which classes are predicted for which labels. */
export const confusion: Section = (report) => {
  const networks = judgedNetworks(report).filter(({ name }) => report.kind !== 'run' || name === 'student');
  if (networks.length === 0) return undefined;
  const shown = networks.slice(0, mostNetworks);
  const left = networks.slice(mostNetworks);
  return section(
    'confusion',
    'Confusion on test data',
    shown.map((one) => html`${networks.length > 1 && html`<h3>${nameOf(one.name)}</h3>`}${confusionOf(one)}`),
    left.length > 0 && note(`Not shown: ${left.map(({ name }) => nameOf(name)).join(', ')}.`),
  );
};

const confusionOf = (one: JudgedNetwork): Html => (one.network.classes.length <= mostClasses ? matrix(one) : list(one));

/** Returns a matrix with a row for each class and a column for each prediction; shaded by the share of the row. */
function matrix({ name, network: { classes, evaluation } }: JudgedNetwork): Html {
  const names = classes.map((one) => nameOf(one, 24));
  const rows = evaluation?.confusion ?? [];
  return html`${note('A row for each class, a column for each prediction; shaded by the share of the row.')}
${table({
  caption: `Confusion matrix: ${nameOf(name)}`,
  head: ['class', ...names],
  rows: rows.map((row, i): Child[] => {
    const sum = row.reduce((a, b) => a + b, 0);
    return [names[i], ...row.map((count) => shaded(count, sum))];
  }),
})}`;
}

/** Shades a cell by the square root of its share, so that 1 % is visible. */
const shaded = (count: number, sum: number): Html =>
  html`<span class="shade s${count === 0 ? 0 : Math.max(1, Math.round(shades * Math.sqrt(count / sum)))}">${count}</span>`;

function list({ name, network: { classes, evaluation } }: JudgedNetwork): Html {
  const wrong = (evaluation?.confusion ?? []).flatMap((row, label) =>
    row.flatMap((count, predicted) => (count > 0 && label !== predicted ? [{ label, predicted, count }] : [])),
  );
  const top = wrong.sort((a, b) => b.count - a.count).slice(0, mostRows);
  const of = (id: number): string => nameOf(classes[id] ?? String(id));
  return html`${note(`${classes.length} classes: the most frequent of ${counted(wrong.length, 'confusion')}.`)}
${table({
  caption: `Most frequent confusions: ${nameOf(name)}`,
  head: ['class', 'predicted', 'samples'],
  left: [0, 1],
  rows: top.map(({ label, predicted, count }) => [of(label), of(predicted), whole(count)]),
})}`;
}
