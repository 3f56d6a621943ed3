import { dirname, relative } from 'node:path';
import { createKit, type LayerPreview } from '@temper/core';
import { node } from '@temper/node';
import { loadConfig } from '../config/load.js';
import { applySetting, parseSetting } from '../config/set.js';
import type { PreviewFlags } from '../flags.js';
import { printJson } from '../json.js';
import { withStandard } from '../standard.js';
import { cut, table } from '../table.js';
import type { Terminal } from '../terminal.js';
import { refuse } from './refuse.js';

/** Shows the pairs of layers that the losses of a config compare, without training. */
export async function previewLayers(path: string | undefined, flags: PreviewFlags, terminal: Terminal): Promise<void> {
  refuse(flags, ['schedule', 'steps', 'epochs', 'stepsPerEpoch', 'svg'], 'is not allowed together with --layers');
  const { file, plugins, config } = await loadConfig(path);
  const folder = relative('', dirname(file));
  const kit = createKit({ plugins: withStandard(plugins, [node({ folders: folder === '' ? [] : [folder] })]) });
  const found = await kit.layers(flags.set.map(parseSetting).reduce(applySetting, config) as never);
  if (flags.json === true) return printJson(terminal, { layers: found });
  if (found.length === 0) terminal.out('No loss of this run compares layers.');
  else for (const line of layersTable(found)) terminal.out(line);
}

/** Returns the lines of the table of pairs; the stage is left out where there is only one. */
export function layersTable(pairs: readonly LayerPreview[]): string[] {
  const stageOf = ({ network, stage }: LayerPreview): string => (network === stage ? stage : `${network}/${stage}`);
  const showStage = new Set(pairs.map(stageOf)).size > 1;
  const rows = pairs.map((pair) => [
    ...(showStage ? [cut(stageOf(pair), widest)] : []),
    cut(pair.loss, widest),
    cut(pair.student.name, widest),
    sizes(pair.student.shape),
    cut(pair.teacher.name, widest),
    sizes(pair.teacher.shape),
    pair.projector === 0 ? '–' : pair.projector.toLocaleString('en'),
    weights(pair.weight),
  ]);
  const head = [...(showStage ? ['stage'] : []), 'loss', 'student', 'shape', 'teacher', 'shape', 'projector', 'weight'];
  const left = head.flatMap((name, column) => (name === 'projector' ? [] : [column]));
  return table([head, ...rows], left);
}

const widest = 32;

const sizes = (shape: readonly number[]): string => shape.join('×');

/** Returns the first and the last weight, and the range where weights between them leave it. */
function weights(points: LayerPreview['weight']): string {
  const values = points.map(([, value]) => value);
  const [first, last] = [values[0] ?? 1, values.at(-1) ?? 1];
  if (values.length < 2) return figure(first);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = least < Math.min(first, last) || most > Math.max(first, last) ? ` (${figure(least)} to ${figure(most)})` : '';
  return `${figure(first)} → ${figure(last)}${range}`;
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));
