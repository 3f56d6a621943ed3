import '@tensorflow/tfjs-node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { limits, type NetworkBuilder } from '@temper/core';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { cnn } from '../cnn.js';
import { mlp } from '../mlp.js';
import { resnet } from '../resnet.js';
import { transformer } from '../transformer.js';
import { parameterCount } from '../testing/networks.js';

const width = fc.integer({ min: 1, max: 6 });
const widths = fc.array(width, { minLength: 1, maxLength: 2 });
const image = fc.tuple(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 }), fc.integer({ min: 1, max: 3 }));

/** Networks of any options, with the shape of their samples. */
const networks: Readonly<Record<string, fc.Arbitrary<readonly [NetworkBuilder, readonly number[]]>>> = {
  mlp: fc.record({ hidden: fc.array(width, { maxLength: 3 }) }).chain((options) => image.map((shape) => [mlp(options), shape] as const)),
  cnn: fc
    .record({ channels: widths, kernel: fc.integer({ min: 1, max: 2 }), dense: fc.array(width, { maxLength: 2 }) })
    .chain((options) => image.map((shape) => [cnn(options), shape] as const)),
  resnet: fc
    .record({ widths, blocks: fc.integer({ min: 1, max: 3 }) })
    .chain((options) => image.map((shape) => [resnet(options), shape] as const)),
  transformer: fc
    .record({ vocabulary: width, layers: fc.integer({ min: 1, max: 2 }), heads: width, times: width, feedForward: width, length: width })
    .map(({ times, length, ...options }) => [transformer({ ...options, width: options.heads * times }), [length]] as const),
};

const changed = limits as { parameters: number };
const allowed = changed.parameters;
afterEach(() => void (changed.parameters = allowed));

test.each(Object.entries(networks))('parameters of a %s are counted exactly before it is built', (_, given) => {
  fc.assert(
    fc.property(given, fc.integer({ min: 2, max: 5 }), ([build, inputShape], classes) => {
      changed.parameters = allowed;
      const shape = { inputShape, classes, seed: 1, name: 'net' };
      const model = build(shape) as LayersModel;
      const count = parameterCount(model);
      model.dispose();
      changed.parameters = count;
      (build(shape) as LayersModel).dispose();
      changed.parameters = count - 1;
      expect(() => build(shape)).toThrow(`has ${count.toLocaleString('en')} values for samples of shape [${inputShape.join(', ')}]`);
    }),
    { numRuns: 25 },
  );
});

test.each<[string, NetworkBuilder, readonly number[]]>([
  ['mlp', mlp({ hidden: [65_536, 65_536] }), [4]],
  ['mlp', mlp({ hidden: [65_536] }), [100, 100, 3]],
  ['cnn', cnn({ channels: [65_536, 65_536] }), [28, 28, 1]],
  ['cnn', cnn({ channels: [1], kernel: 5, dense: [65_536] }), [1000, 1000, 1]],
  ['resnet', resnet({ widths: [4096], blocks: 1000 }), [8, 8, 3]],
  ['transformer', transformer({ vocabulary: 10_000_000 }), [64]],
  ['transformer', transformer({ width: 65_536, heads: 1024 }), [64]],
])('a %s too large for the memory is refused before it is built', (type, build, inputShape) => {
  expect(() => build({ inputShape, classes: 10, seed: 1, name: 'net' })).toThrow(
    new RegExp(`^net \\(${type}\\): has [\\d,]+ values for .*; at most 500,000,000 are built\\n`),
  );
});

test('options beyond their limits are refused at their path', () => {
  expect(() => cnn({ kernel: 1001 })).toThrow(/kernel/);
  expect(() => transformer({ heads: 1025, width: 2050 })).toThrow(/heads/);
  expect(() => mlp({ hidden: Array.from({ length: 1001 }, () => 1) })).toThrow(/hidden/);
  expect(() => resnet({ widths: [1], blocks: 1001 })).toThrow(/blocks/);
});
