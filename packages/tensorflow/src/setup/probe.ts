import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { shellCommand } from '../system/shell-command.js';
import { lastLines } from './failures.js';
import type { TfjsNode } from './tfjs-node.js';

/** The report of a new process after it has loaded the native backend and computed with it. */
export type Probe =
  | {
      readonly loads: true;
      readonly tensorflow: string;
      readonly product: readonly number[] /** As the binding says; absent where it does not. */;
      readonly oneDnn?: boolean;
    }
  | { readonly loads: false; readonly problem: string; readonly hint: string };

/** [1 2; 3 4] · [5 6; 7 8], which every working backend computes. */
export const expectedProduct: readonly number[] = [19, 22, 43, 50];

// Runs in a process of its own, so that a library that crashes takes nothing with it, and before anything is
// replaced: tfjs-node asks node-pre-gyp for its binding, which here answers with the one to be tried.
const script = `
const [folder, finder, binding] = process.argv.slice(1);
const util = require('node:util');
util.isNullOrUndefined = (value) => value === null || value === undefined;
util.isArray = Array.isArray;
process.env.TF_ENABLE_ONEDNN_OPTS ||= '1';
try {
  if (binding) require(finder).find = () => binding;
  const tf = require(folder);
  const product = Array.from(tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]])).dataSync());
  const loaded = tf.backend().binding;
  console.log('\\n' + JSON.stringify({ product, tensorflow: loaded.TF_Version, oneDnn: loaded.temperOneDnn ?? undefined }));
} catch (error) {
  console.log('\\n' + JSON.stringify({ problem: error.message }));
}`;

/** Loads tfjs-node in a new process, with its own binding or a given one, and with additional variables. */
export async function probeBackend(target: TfjsNode, binding?: string, given: NodeJS.ProcessEnv = {}): Promise<Probe> {
  if (binding === undefined && !existsSync(target.binding)) {
    return { loads: false, problem: 'tfjs-node has no native binding', hint: `Run the set-up: \`${shellCommand('setup')}\`.` };
  }
  const finder = createRequire(join(target.folder, 'package.json')).resolve('@mapbox/node-pre-gyp/lib/pre-binding.js');
  const { execa } = await import('execa');
  const result = await execa(process.execPath, ['-e', script, target.folder, finder, binding ?? ''], {
    reject: false,
    timeout: 120_000,
    env: { ...given, TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' },
  });
  if (result.signal === 'SIGILL') {
    return {
      loads: false,
      problem: 'TensorFlow stopped with an illegal instruction',
      hint: 'Its builds need a processor with AVX; on this machine only the slower backend works.',
    };
  }
  const line = result.stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) {
    const ending = result.signal === undefined ? `exit status ${result.exitCode}` : result.signal;
    return { loads: false, problem: `loading it ended with ${ending}: ${lastLines(result.stderr) || 'no message'}`, hint: tryAgain() };
  }
  const said = JSON.parse(line) as { problem?: string; product: number[]; tensorflow: string; oneDnn?: boolean };
  if (said.problem !== undefined) return { loads: false, problem: firstSentence(said.problem), hint: tryAgain() };
  if (said.product.join() !== expectedProduct.join())
    return { loads: false, problem: `it multiplies matrices wrongly: ${said.product.join(', ')}`, hint: tryAgain() };
  return { loads: true, tensorflow: said.tensorflow, product: said.product, ...(said.oneDnn === undefined ? {} : { oneDnn: said.oneDnn }) };
}

/** Returns the first line of tfjs-node's message, without its end. */
export const firstSentence = (message: string): string => (message.split('\n')[0] ?? '').replace(/[.\s]+$/, '');

const tryAgain = (): string => `Run \`${shellCommand('setup --force')}\` to build it again.`;
