import { execFile } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { machine } from '../testing/machine.js';
import { probeBackend } from './probe.js';
import { setUp } from './setup-backend.js';

// The tiny library stands for TensorFlow on a processor for which it leaves oneDNN off unless asked.
test('oneDNN is on in programs and workers that import tfjs-node first', async () => {
  const { context, root } = await machine();
  expect(await setUp(context)).toMatchObject({ native: true });
  const program = join(root, 'program.cjs');
  const print = `console.log(String(require(${JSON.stringify(context.target.folder)}).backend().binding.temperOneDnn))`;
  await writeFile(
    program,
    `const { Worker, isMainThread } = require('worker_threads');\nif (isMainThread && process.argv[2] === 'worker') new ` +
      `Worker(__filename); else ${print};\n`,
  );
  const { TF_ENABLE_ONEDNN_OPTS: _, ...rest } = process.env;
  const oneDnnIn = async (thread: string, variable: NodeJS.ProcessEnv): Promise<string> =>
    (await promisify(execFile)(process.execPath, [program, thread], { env: { ...rest, ...variable } })).stdout.trim();
  for (const thread of ['main', 'worker']) {
    expect(await oneDnnIn(thread, {}), thread).toBe('true');
    expect(await oneDnnIn(thread, { TF_ENABLE_ONEDNN_OPTS: '' }), thread).toBe('true');
    expect(await oneDnnIn(thread, { TF_ENABLE_ONEDNN_OPTS: '1' }), thread).toBe('true');
    expect(await oneDnnIn(thread, { TF_ENABLE_ONEDNN_OPTS: '0' }), thread).toBe('false');
  }
});

test('the launcher names the add-on of tfjs-node when it is missing', async () => {
  const { context } = await machine();
  await setUp(context);
  expect(await probeBackend(context.target)).toMatchObject({ loads: true, oneDnn: true });
  const [plain = ''] = (await readdir(context.cache)).filter((name) => name.startsWith('tfjs-node-'));
  await rm(join(context.cache, plain, 'tfjs_binding.node'));
  expect(await probeBackend(context.target)).toMatchObject({
    loads: false,
    problem: expect.stringContaining(`${plain}/tfjs_binding.node`) as string,
  });
  expect(await setUp({ ...context, force: true })).toMatchObject({ native: true, source: 'cache' });
  expect(await probeBackend(context.target)).toMatchObject({ loads: true });
});
