import { delimiter, join } from 'node:path';
import type { SetupContext } from '../setup/ways.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { makePython, makeTfjsNode, makeWheel } from './tiny-tensorflow.js';

/** Creates a machine with a tiny TensorFlow: its wheel, a Python whose pip provides it, a checkout with tfjs-node. */
export async function machine({ library = '', download }: { library?: string; download?: (file: string) => string } = {}) {
  const root = await temporaryFolder();
  const { file, wheel } = await makeWheel(join(root, 'index'), library);
  const python = await makePython(root, download?.(file) ?? `/bin/cp "${file}" "$dest/"`);
  const target = await makeTfjsNode(join(root, 'checkout'));
  const env = { ...process.env, PATH: `${python.bin}${delimiter}${process.env.PATH}`, CXX: '' };
  const context: SetupContext = {
    platform: 'linux-x64',
    cache: join(root, 'cache'),
    target,
    wheel,
    env,
    force: false,
    report: () => undefined,
  };
  return { root, file, python, context };
}
