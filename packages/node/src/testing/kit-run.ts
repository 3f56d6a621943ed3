// A program for tests: runs a kit without loading any backend, as a user's own program does, and prints what came of it.
import * as tf from '@tensorflow/tfjs-core';
import { createKit } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { node } from '../plugin.js';
import { blobs } from './blobs.js';

const [runs] = process.argv.slice(2);
const kit = createKit({ plugins: [schedules, losses, models, node({ ...(runs === undefined ? {} : { runs }) })] });
const { engine, steps, warnings } = await kit.run({ teacher: { model: { type: 'mlp', hidden: [4] }, train: { epochs: 1 } }, student: { model: { type: 'mlp', hidden: [3] } }, epochs: 1 }, { data: blobs() });
console.log(JSON.stringify({ backend: tf.getBackend(), engine, steps, warnings }));
