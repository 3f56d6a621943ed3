import { expect, test } from 'vitest';
import { memberTarget, wheels } from './wheels.js';

test('each platform with a wheel has a complete description of it', () => {
  expect(Object.keys(wheels)).toEqual(['linux-x64', 'linux-arm64', 'darwin-arm64']);
  for (const wheel of Object.values(wheels)) {
    expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(wheel.unpackedBytes).toBeGreaterThan(wheel.bytes);
  }
});

test.each([
  ['tensorflow/libtensorflow_cc.so.2', 'lib/libtensorflow_cc.so.2'],
  ['tensorflow/libtensorflow_framework.2.dylib', 'lib/libtensorflow_framework.2.dylib'],
  ['tensorflow.libs/libomp-f1025659.so.5', 'lib/libomp-f1025659.so.5'],
  ['tensorflow/include/tsl/platform/ctstring.h', 'include/tsl/platform/ctstring.h'],
  ['tensorflow/include/tensorflow/c/', undefined],
  ['tensorflow/include/unsupported/Eigen/Tensor', undefined],
  ['tensorflow/python/_pywrap_tensorflow_internal.so', undefined],
  ['tensorflow/libtensorflow_cc.so.2/evil', undefined],
])('member %s is unpacked to %s', (member, target) => {
  expect(memberTarget(member)).toBe(target);
});
