import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('../../node_modules/.cache/temper-tests', import.meta.url));

/** A program of a user who does not know Temper. */
const program = `
import tf from '@tensorflow/tfjs-node';
import { readFileSync } from 'node:fs';
const { path, shape, dtype, inputs, labels } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const model = await tf.loadLayersModel('file://' + path + '/model.json');
const predicted = model.predict(tf.tensor(inputs, shape, dtype)).argMax(-1).dataSync();
const correct = labels.filter((label, i) => predicted[i] === label).length;
console.log(JSON.stringify({ correct, of: labels.length, last: predicted.length }));
`;

/** Raw samples and their labels, as in a file. */
export interface RawSamples {
  readonly shape: readonly number[];
  readonly dtype?: 'float32' | 'int32';
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
}

/** Returns the accuracy of a saved network in plain tfjs, in a process that imports nothing of Temper. */
export async function accuracyInPlainTfjs(path: string, { dtype = 'float32', ...samples }: RawSamples): Promise<number> {
  await mkdir(folder, { recursive: true });
  const [script, given] = [join(folder, `plain-${process.pid}.mjs`), join(folder, `plain-${process.pid}.json`)];
  await writeFile(script, program);
  await writeFile(given, JSON.stringify({ path, dtype, ...samples }));
  const { stdout } = await promisify(execFile)(process.execPath, [script, given], { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  const { correct, of, last } = JSON.parse(stdout) as { correct: number; of: number; last: number };
  if (last !== of) throw new Error(`${last} predictions for ${of} labels`);
  return correct / of;
}
