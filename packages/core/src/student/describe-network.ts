import type { Batch, DataSet } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import { fitsNetwork, isExtreme } from '../preparation/check-preparation.js';
import { studentVersion, type StudentDescription } from './student-file.js';

/** The data with which a network is trained. */
export interface TrainedOn {
  readonly data: DataSet;
  /** A batch of the data, for the types that no data set states. */
  readonly sample: Batch;
  readonly test?: Readonly<Record<string, number>>;
}

/** Describes a network for its `student.json`, before the preparation is added to it. */
export function describeNetwork(network: Network, { data, sample, test }: TrainedOn): StudentDescription {
  const { classes, classNames, inputShape, inputNames } = data;
  const preparation = network.modelPreparation ?? network.preparation ?? data.preparation;
  const kind = network.model === undefined ? 'function' : 'layers' in network.model ? 'layers' : 'graph';
  const isRaw = preparation === undefined || preparation.type === 'none';
  const folds = kind === 'layers' && inputShape.length > 0 && preparation !== undefined && fitsNetwork(preparation);
  return {
    format: 'temper-student',
    version: studentVersion,
    name: network.name,
    network: kind,
    outputs: 'logits',
    classes: [...(classNames ?? Array.from({ length: classes }, (_, i) => String(i)))],
    labelShape: sample.labels.shape.slice(1),
    inputs: {
      shape: [...inputShape],
      dtype: sample.inputs.dtype === 'int32' ? 'int32' : 'float32',
      ...(inputNames && { names: [...inputNames] }),
    },
    ...(preparation && { preparation: structuredClone(preparation) as NonNullable<StudentDescription['preparation']> }),
    preparedIn: isRaw || folds ? 'network' : 'outside',
    preparationLayers: [],
    ...(test && { test: Object.fromEntries(Object.entries(test).map(([name, value]) => [name, Number.isFinite(value) ? value : null])) }),
  };
}

/** Returns the columns whose raw values float32 cannot hold, where the inputs of a network are prepared outside of it for that reason. */
export function tooLargeForFloat32({ preparation, inputNames }: DataSet): readonly string[] {
  if (preparation?.type !== 'standardise' || fitsNetwork(preparation)) return [];
  const { mean, deviation } = preparation;
  const ratio = mean.map((one, i) => Math.abs(one) / (deviation[i] as number));
  const limit = deviation.some(isExtreme) ? 512 : Math.min(512, Math.max(...ratio));
  return ratio.flatMap((one, i) => (one >= limit || isExtreme(deviation[i] as number) ? [inputNames?.[i] ?? `number ${i}`] : []));
}
