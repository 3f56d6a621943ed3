import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { blobs, basics, basicRun } from '../train/fixtures/basic-run.js';
import { checkOptions } from './check-options.js';
import { createKit } from './kit.js';

const kit = createKit({ plugins: [basics] });
const failing = (message = 'odd'): never => {
  throw new Error(message);
};
const odd = new Proxy({}, { get: () => failing(), has: () => failing(), ownKeys: () => failing(), getPrototypeOf: () => failing() });
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
/** An object whose one property cannot be read. */
const unreadable = (name: string): object => Object.defineProperty({}, name, { enumerable: true, get: () => failing() });
const failureOf = async (run: () => unknown): Promise<unknown> => {
  try {
    return await run();
  } catch (error) {
    return error;
  }
};

test('valid options are returned unchanged without undefined ones', () => {
  const given = {
    data: blobs(),
    reporters: [{ name: 'a', report: () => undefined }],
    services: () => undefined,
    resume: { force: ['epochs'] },
  } as const;
  expect(checkOptions({ ...given, signal: new AbortController().signal, teacher: undefined } as never)).toEqual({
    ...given,
    signal: expect.any(AbortSignal),
  });
  expect(checkOptions({})).toEqual({});
});

test.each(['reporters', 'resume'] as const)('a sparse list of four billion members is refused at once: %s', (name) => {
  const endless = Object.defineProperty([], 'length', { value: 2 ** 32 - 1 });
  expect(() => checkOptions({ [name]: name === 'resume' ? { force: endless } : endless } as never)).toThrow(`${name}: must be`);
  expect(() => createKit({ plugins: endless as never })).toThrow('plugins: must be a list');
  expect(() => createKit({ plugins: [{ name: 'mine', provides: endless }] as never })).toThrow('plugins[0]: must be a plug-in');
});

describe('run', () => {
  test.each<[unknown, string]>([
    [4, 'options: must be an object, got 4'],
    [null, 'options: must be an object, got null'],
    [{ dta: 1 }, 'options: unknown option of run "dta"; did you mean "data"?'],
    [{ signal: {} }, 'signal: must be an AbortSignal, got {}'],
    [{ data: 4 }, 'data: must be data of three parts, or a function that loads them, got 4'],
    [{ reporters: {} }, 'reporters: must be a list of reporters, each with a function report, got {}'],
    [{ reporters: [null] }, 'reporters: must be a list of reporters, each with a function report, got [null]'],
    [{ reporters: [{ name: 'a' }] }, 'reporters: must be a list'],
    [{ services: 'all' }, 'services: must be a function that binds services, got "all"'],
    [{ resume: 'a' }, 'resume: must be true, false or an object with force'],
    [{ resume: { force: [4] } }, 'resume: must be true, false or an object with force'],
    [unreadable('signal'), 'signal: cannot be read: odd'],
    [{ resume: unreadable('force') }, 'resume: cannot be read: odd'],
    [{ data: odd }, 'data: cannot be read: odd'],
    [odd, 'options: cannot be read: odd'],
    [{ data: blobs(), services: () => failing('no service') }, 'services: the function that binds services fails: no service'],
    [
      { data: blobs(), services: () => Promise.reject(new Error('late')) },
      'services: the function that binds services must bind them before it returns, and it returns a promise',
    ],
    [{ reporters: revoked }, 'reporters: cannot be read'],
    [{ reporters: new Array(2) }, 'reporters: must be a list'],
    [{ data: blobs(), teacher: revoked }, 'teacher: cannot be read'],
    [{ data: blobs(), student: unreadable('logits') }, 'student: cannot be read: odd'],
    [{ data: blobs(), teacher: () => ({ then: failing }) }, 'teacher: must give one tensor of logits, got a promise'],
    [{ resume: revoked }, 'resume: '],
    [{ data: () => failing('no file') }, 'data: the function that loads the data fails: no file'],
    [{ data: () => Promise.reject(new Error('no file')) }, 'data: the function that loads the data fails: no file'],
  ])('run refuses the options %#', async (options, message) => {
    const error = await failureOf(() => kit.run(basicRun, options as never));
    expect(error).toMatchObject({ name: 'TemperError', fault: 'user', message: expect.stringContaining(message) });
  });
});

const definition = { kind: 'loss', type: 'x', create: () => undefined };

test.each<[string, () => unknown, string]>([
  [
    'a plug-in whose name is not a text',
    () => createKit({ plugins: [{ name: {}, provides: [] }] as never }),
    'plugins[0].name: must be a text, got {}',
  ],
  [
    'a plug-in whose requirements are not names',
    () => createKit({ plugins: [{ name: 'a', provides: [], requires: [4] }] as never }),
    'plugins[0].requires: must be a list of names, got [4]',
  ],
  [
    'a definition whose type is not a text',
    () => createKit({ plugins: [{ name: 'a', provides: [{ ...definition, type: [] }] }] as never }),
    'provides[0]: plug-in "a" must provide definitions',
  ],
  [
    'a definition outside of a plug-in whose type is not a text',
    () => createKit({ plugins: [{ ...definition, type: 4 }] as never }),
    'plugins[0]: must be a plug-in',
  ],
  ['a kit without options', () => createKit(undefined as never), 'plugins: must be a list of plug-ins and definitions, got nothing'],
  [
    'a plugins option that is not a list',
    () => createKit({ plugins: 'schedules' as never }),
    'plugins: must be a list of plug-ins and definitions, got "schedules"',
  ],
  ['a plugins option that cannot be read', () => createKit(unreadable('plugins') as never), 'plugins: cannot be read: odd'],
  ['a plug-in that cannot be read', () => createKit({ plugins: [odd] as never }), 'plugins: cannot be read: odd'],
  ['a plug-in of another kind', () => createKit({ plugins: [4] as never }), 'plugins[0]: must be a plug-in'],
  ['a config that is a proxy', () => kit.parse(odd), 'config: cannot be read: odd'],
  ['a config with a proxy', () => kit.parse({ ...basicRun, student: odd }), 'cannot be read: odd'],
  [
    'a config with a getter that throws',
    () => kit.parse({ ...basicRun, ...{ optimizer: unreadable('type') } }),
    'optimizer.type: cannot be read: odd',
  ],
  ['a schedule that is a proxy', () => kit.schedule(odd as never), 'cannot be read: odd'],
  ['a container of a proxy', () => kit.container(odd as never), 'config: cannot be read: odd'],
])('%s is refused with a TemperError', async (_, call, message) => {
  const error = await failureOf(call);
  expect(error).toMatchObject({ name: 'TemperError', fault: 'user', message: expect.stringContaining(message) });
});
