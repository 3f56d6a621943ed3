import { expect, test } from 'vitest';
import { officialArchive } from './archives.js';
import { memberTarget, wheels } from './wheels.js';

test('each platform with a wheel has a whole description of it', () => {
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
])('member %s goes to %s', (member, target) => {
  expect(memberTarget(member)).toBe(target);
});

test('the archives are those of tfjs-node, and its variables name a mirror', () => {
  expect(officialArchive('linux-x64', {})?.url).toBe('https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz');
  expect(officialArchive('linux-arm64', { TFJS_NODE_CDN_STORAGE: 'https://mirror.example/' })?.url).toBe('https://mirror.example/tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz');
  expect(officialArchive('darwin-x64', { TFJS_NODE_BASE_URI: 'https://mirror.example/lib-' })?.url).toBe('https://mirror.example/lib-cpu-darwin-x86_64-2.9.1.tar.gz');
  expect(officialArchive('sunos-x64', {})).toBeUndefined();
});
