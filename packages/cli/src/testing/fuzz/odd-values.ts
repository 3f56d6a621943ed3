import fc from 'fast-check';
import type { RandomStream } from '@temper/core';

/** Numbers that often cause faults: limits of types, sizes beyond every limit, NaN and infinities. */
export const oddNumbers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  2,
  0.5,
  7,
  255,
  256,
  1000,
  65_536,
  1e6,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e15,
  1e19,
  3.5e38,
  1e300,
  5e-324,
  1e-45,
  -(2 ** 31),
  NaN,
  Infinity,
  -Infinity,
];

/** Texts that often cause faults. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '.',
  '..',
  '/',
  '\\',
  '\0',
  '\n',
  '\r',
  '\ufeff',
  '\u001b[31m',
  '"',
  "'",
  ',',
  ';',
  '#',
  '[',
  '{',
  '0',
  '-1',
  '1e999',
  'NaN',
  'Infinity',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'type',
  'value',
  'linear',
  '\ud800',
  '😀',
  'é',
  '%s%n',
  '../../x',
  '/dev/zero',
  '[0]',
  'a.b[0]',
  'x'.repeat(3000),
];

/** Returns a random element of a list. */
export const oneOf = <T>(list: readonly T[], random: RandomStream): T => list[random.integer(list.length)] as T;

const anyJson = fc.jsonValue({ maxDepth: 4 });
const anything = fc.anything({
  maxDepth: 3,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

const drawn = <T>(values: fc.Arbitrary<T>, random: RandomStream): T =>
  fc.sample(values, { seed: random.integer(2 ** 31), numRuns: 1 })[0] as T;

/** Returns a value that JSON can hold, of any type and size, or deeply nested lists or objects. */
export function oddJson(random: RandomStream): unknown {
  switch (random.integer(8)) {
    case 0:
      return nested(oneOf([3, 50, 99, 100, 101, 400, 5000], random), random.next() < 0.5);
    case 1:
      return Array.from({ length: oneOf([0, 1, 2, 30, 2000], random) }, () => oneOf(oddNumbers, random));
    case 2:
      return drawn(anyJson, random);
    case 3:
    case 4:
      return oneOf(oddTexts, random);
    case 5:
      return oneOf([null, true, false, {}, [], [[]], [null]], random);
    default:
      return oneOf(oddNumbers, random);
  }
}

function nested(depth: number, inLists: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = inLists ? [value] : { of: value, type: 'reverse' };
  return value;
}

/** Formats a value as JSON, also where it nests deeper than `JSON.stringify` supports or is too deep to be copied. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    return `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  }
}

/** The message of errors thrown here, so that a message that quotes it does not count as a fault of Temper. */
export const thrownHere = 'thrown by a getter of the test';

const refuse = (): never => {
  throw new Error(thrownHere);
};

/** Returns a value that only a program can create: getters and proxies that throw, big integers, symbols, functions, circles. */
export function oddLive(random: RandomStream): unknown {
  const circle: Record<string, unknown> = { type: 'linear' };
  circle['of'] = circle;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const live: readonly (() => unknown)[] = [
    () => 10n,
    () => Symbol('odd'),
    () => refuse,
    () => () => undefined,
    () => () => 4,
    () => async () => refuse(),
    () => Map,
    () => circle,
    () => revoked.proxy,
    () => new Proxy({}, { get: refuse, ownKeys: refuse, getPrototypeOf: refuse, has: refuse }),
    () => new Proxy([], { get: refuse }),
    () => Object.defineProperty({ type: 'linear' }, 'from', { enumerable: true, get: refuse }),
    () => Object.defineProperty({}, 'type', { enumerable: true, get: refuse }),
    () => ({ type: 'linear', from: 10n, to: Symbol('odd') }),
    () => ({ toJSON: refuse, toString: refuse, valueOf: refuse }),
    () => ({ then: refuse }),
    () => ({ [Symbol.toPrimitive]: refuse, [Symbol.iterator]: refuse }),
    () => Object.defineProperty([], 'length', { value: 2 ** 32 - 1 }),
    () => Object.freeze([Object.freeze({ type: 'linear' })]),
    () => new Map([['type', 'linear']]),
    () => new Date(NaN),
    () => new Float32Array([NaN, 1]),
    () => Promise.resolve(1),
    () => new Error('odd'),
    () => JSON.parse('{"__proto__":{"type":"linear"},"type":"constant","value":1}') as unknown,
    () => undefined,
  ];
  return random.integer(3) === 0 ? drawn(anything, random) : oneOf(live, random)();
}
