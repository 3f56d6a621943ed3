import { arrayDataSet, createRandom, type DataSet, type DataSplits } from '@temper/core';

/** Points around three centres. */
export function blobs(): DataSplits {
  const part = (name: string, size: number): DataSet => {
    const stream = createRandom(7).stream(name);
    const labels = Int32Array.from({ length: size }, (_, i) => i % 3);
    const inputs = Float32Array.from({ length: size * 4 }, (_, i) => (i % 4 === labels[i >> 2] ? 2 : 0) + 0.5 * stream.normal());
    return arrayDataSet({ inputs, labels, inputShape: [4], classes: 3 });
  };
  return { train: part('train', 240), validation: part('validation', 30), test: part('test', 30) };
}
