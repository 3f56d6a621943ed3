// A program for tests: runs a kit without loading a backend, as a user's own program does, and prints the result.
import * as tf from '@tensorflow/tfjs-core';
import { createKit, type TemperError } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { node } from '../plugin.js';
import { blobs } from '../../../../fixtures/blobs.js';

const [runs] = process.argv.slice(2);
// The use of tfjs by a program before the run: it imported a backend, chose it, or made a tensor on it.
const { BEFORE, WITHOUT_NODE } = process.env;
if (BEFORE !== undefined) await import('@tensorflow/tfjs-backend-cpu');
if (BEFORE === 'chosen') await tf.setBackend('cpu');
const tensor = BEFORE === 'used' ? tf.scalar(1) : undefined;
const own = WITHOUT_NODE === undefined ? [node({ ...(runs === undefined ? {} : { runs }) })] : [];
const kit = createKit({ plugins: [schedules, losses, models, ...own] });
const run = kit.run(
  { teacher: { model: { type: 'mlp', hidden: [4] }, train: { epochs: 1 } }, student: { model: { type: 'mlp', hidden: [3] } }, epochs: 1 },
  { data: blobs() },
);
try {
  const { engine, steps, warnings } = await run;
  console.log(JSON.stringify({ backend: tf.getBackend(), engine, steps, warnings, tensor: tensor?.dataSync()[0] }));
} catch (error) {
  const { code, message, fault } = error as TemperError;
  console.log(JSON.stringify({ code, message, fault }));
}
