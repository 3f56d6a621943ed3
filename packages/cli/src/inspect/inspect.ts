import { logitsOver, subset, type DataSet } from '@temper/core';
import { availableEngine } from '@temper/node';
import { createInspection } from '@temper/report';
import { mistake } from '../config/mistake.js';
import type { InspectFlags } from '../flags.js';
import { printJson } from '../json.js';
import type { Terminal } from '../terminal.js';
import { inspectionText, type Inspected } from './inspection-text.js';
import { openNetworks, teacherOf, type OpenNetwork } from './open-networks.js';
import { softened } from './softened.js';

/** Temperatures of the shown samples. */
const shownTemperatures: readonly number[] = [1, 2, 4, 10, 20];

/** Measures the effect of temperature on a teacher, and prints it. */
export async function inspect(given: string | undefined, flags: InspectFlags, terminal: Terminal): Promise<void> {
  const opened = await openNetworks(given, flags);
  try {
    const teacher = await teacherOf(opened, given);
    const inspected = await measure(teacher, opened.data, flags);
    if (flags.json === true) printJson(terminal, inspected);
    else terminal.out(inspectionText(inspected, terminal.colors.out));
  } finally {
    opened.dispose();
  }
}

async function measure(teacher: OpenNetwork, data: DataSet, { part, samples, temperature, show }: InspectFlags): Promise<Inspected> {
  const { network, description, name } = teacher;
  const { classes } = description;
  const chosen = Int32Array.from({ length: Math.min(samples, data.size) }, (_, i) =>
    Math.floor((i * data.size) / Math.min(samples, data.size)),
  );
  const inspection = createInspection({ classes, at: temperature });
  for await (const { logits, labels, mask } of logitsOver(network, description, subset(data, chosen), { engine: availableEngine() })) {
    const positions = labels.size / (labels.shape[0] as number);
    inspection.add(await logits.data(), await labels.data(), { mask: await mask?.data(), positions });
  }
  const shown = show === undefined ? firstThree(data.size) : checked(show, data.size, part);
  const soft = await softened(teacher, data, shown, shownTemperatures);
  return {
    network: name,
    part,
    ...inspection.result(),
    shownTemperatures,
    samples: soft.map((one, i) => ({ sample: (shown[i] as number) + 1, ...one })),
  };
}

/** Returns the positions that are shown if none are named: those of the first three samples, or of fewer in a smaller part. */
const firstThree = (size: number): number[] => [0, 1, 2].slice(0, size);

/** Converts the numbers of samples, counted from 1, to positions. */
function checked(numbers: readonly number[], size: number, part: string): number[] {
  const wrong = numbers.find((number) => number > size);
  if (wrong !== undefined) throw noSample('--show', wrong, size, part);
  return [...new Set(numbers)].map((number) => number - 1);
}

/** Returns the error for a sample that a part does not have. */
export const noSample = (option: string, number: number, size: number, part: string): Error =>
  mistake(`${option} ${number}: the ${part} part has ${size} samples`, { hint: `Give a number from 1 to ${size}.` });
