import { printable, tf } from '@temper/core';
import { mistake } from '../config/mistake.js';
import type { ExplainFlags } from '../flags.js';
import { printJson } from '../json.js';
import { cut, table } from '../table.js';
import type { Terminal } from '../terminal.js';
import { noSample } from './inspect.js';
import { openNetworks, type OpenNetworks } from './open-networks.js';
import { drawSample } from './sample-text.js';
import { softRows } from './soft-rows.js';
import { softened } from './softened.js';

/** Prints one sample, and the probabilities of its classes by teacher and student. */
export async function explain(given: string, flags: ExplainFlags, terminal: Terminal): Promise<void> {
  const { sample, part, temperatures, top } = flags;
  const opened = await openNetworks(given, flags);
  try {
    const { data } = opened;
    if (sample > data.size) throw noSample('--sample', sample, data.size, part);
    const networks = await Promise.all(
      networksOf(opened, given).map(async ({ name, network }) => ({
        name,
        ...((await softened(network, data, [sample - 1], temperatures))[0] as Awaited<ReturnType<typeof softened>>[number]),
      })),
    );
    const label = networks[0]?.label;
    if (flags.json === true) {
      printJson(terminal, {
        sample,
        part,
        label: label ?? null,
        temperatures,
        networks: networks.map(({ name, classes }) => ({ name, classes })),
      });
      return;
    }
    const batch = await data.batch(Int32Array.of(sample - 1));
    const { bold, dim } = terminal.colors.out;
    try {
      const [head = '', ...rows] = table(softRows(networks, temperatures, top));
      terminal.out(
        [
          bold(`sample ${sample} of the ${part} part`),
          ...drawSample(await batch.inputs.data(), data, terminal.columns),
          '',
          `label: ${label === undefined ? 'none' : cut(printable(label), 60)}`,
          '',
          dim(head),
          ...rows,
        ].join('\n'),
      );
    } finally {
      tf.dispose({ ...batch });
    }
  } finally {
    opened.dispose();
  }
}

function networksOf({ named, teacher, student }: OpenNetworks, given: string): { name: string; network: NonNullable<typeof teacher> }[] {
  const found = Object.entries({ network: named, teacher, student }).flatMap(([name, network]) =>
    network === undefined ? [] : [{ name, network }],
  );
  if (found.length > 0) return found;
  throw mistake(`${given}: the run has saved no network`, { hint: 'Wait for the run to end, or start it again.' });
}
