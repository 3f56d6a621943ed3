import type { CalibrationBin } from '@temper/core';
import { judgedNetworks, type JudgedNetwork } from '../../report/judged-networks.js';
import { nameOf } from '../../text/clean.js';
import { percent, whole } from '../../text/numbers.js';
import { figure } from '../figure.js';
import { html } from '../html.js';
import { namedLegend } from '../legend.js';
import { note, section, type Section } from '../section.js';

/** Shows the reliability diagram: how often predictions of a probability are correct. */
export const calibration: Section = (report, draw) => {
  const networks = judgedNetworks(report);
  if (networks.length === 0) return undefined;
  const drawn = figure(
    {
      title: 'Reliability on test data',
      alternative: networks.map((one) => `${nameOf(one.name)}: ${inWords(one)}`).join(' '),
      chart: {
        x: { label: 'probability of the predicted class', unit: 'share', range: [0, 1] },
        y: { label: 'accuracy of these predictions', unit: 'share', range: [0, 1] },
        diagonal: true,
        lines: networks.map((one) => ({
          color: one.color,
          dots: true,
          points: binsOf(one).map(({ confidence, accuracy }) => [confidence ?? NaN, accuracy ?? NaN] as const),
        })),
      },
      height: 300,
      numbers: {
        head: ['probability', ...networks.flatMap(({ name }) => [`${nameOf(name, 30)}: samples`, 'accuracy'])],
        rows: rowsOf(networks),
      },
    },
    draw,
  );
  return section(
    'calibration',
    'Calibration',
    namedLegend(networks),
    note('On the dashed line probabilities are right; below it the network is too sure. Points of few samples are uncertain.'),
    html`<div class="charts">${drawn}</div>`,
  );
};

const binsOf = ({ network }: JudgedNetwork): readonly CalibrationBin[] =>
  (network.evaluation?.calibration ?? []).filter(({ count }) => count > 0);

function inWords(one: JudgedNetwork): string {
  const bins = binsOf(one);
  const samples = bins.reduce((sum, { count }) => sum + count, 0);
  const mean = (value: (bin: CalibrationBin) => number | null): number =>
    bins.reduce((sum, bin) => sum + bin.count * (value(bin) ?? 0), 0) / samples;
  return `mean probability ${percent(mean(({ confidence }) => confidence))}, accuracy ${percent(mean(({ accuracy }) => accuracy))}.`;
}

function rowsOf(networks: readonly JudgedNetwork[]): string[][] {
  const all = networks.map(({ network }) => network.evaluation?.calibration ?? []);
  return (all[0] ?? []).flatMap(({ from, to }, i) => {
    const bins = all.map((one) => one[i]);
    if (bins.every((bin) => (bin?.count ?? 0) === 0)) return [];
    const cells = bins.flatMap((bin) => [whole(bin?.count ?? 0), bin?.accuracy == null ? '–' : percent(bin.accuracy)]);
    return [[`${percent(from)} to ${percent(to)}`, ...cells]];
  });
}
