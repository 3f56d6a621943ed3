import type { DataSet, DataSplits } from '../contracts/data.js';
import { askLabels } from './ask.js';

/** The number of classes that a message names. */
const listed = 5;
const parts = ['train', 'validation', 'test'] as const;
const names = { train: 'training', validation: 'validation', test: 'test' } as const;

/**
 * Returns sentences about unusual classes of training, validation and test data: classes without a sample in one part, or in any. Parts
 * whose labels are not known without their inputs are skipped. Labels of positions are checked in the training data only, since rare
 * characters are seldom in every part.
 */
export function classWarnings(splits: DataSplits): string[] {
  const counts = Object.fromEntries(parts.map((part) => [part, countsOf(splits[part])]));
  const known = parts.filter((part) => counts[part] !== undefined);
  const nameOf = (label: number): string => JSON.stringify(splits.train.classNames?.[label] ?? String(label));
  const count = (part: (typeof parts)[number], label: number): number => counts[part]?.[label] ?? 0;
  const classes = Array.from({ length: splits.train.classes }, (_, label) => label);
  const show = (found: readonly number[]): string => {
    const more = found.length > listed ? `, … (${found.length} of ${classes.length} classes)` : '';
    return `${found.length === 1 ? 'class' : 'classes'} ${found.slice(0, listed).map(nameOf).join(', ')}${more}`;
  };
  const somewhere = classes.filter((label) => known.some((part) => count(part, label) > 0));
  const nowhere = classes.filter((label) => !somewhere.includes(label));
  const absent = known.flatMap((part) => {
    const found = somewhere.filter((label) => count(part, label) === 0);
    if (found.length === 0 || (part !== 'train' && isSequence(splits[part]))) return [];
    const effect =
      part === 'train'
        ? 'the student cannot learn such samples'
        : part === 'test'
          ? 'the test says nothing about such samples'
          : 'such samples have no influence on the choice of the best weights';
    return [`data.${part}: the ${names[part]} data have no sample of the ${show(found)}; ${effect}`];
  });
  const isComplete = known.length === parts.length;
  return [...absent, ...(isComplete && nowhere.length > 0 ? [`data: there is no sample of the ${show(nowhere)} in any part`] : [])];
}

function countsOf(data: DataSet): Int32Array | undefined {
  const all = askLabels(data);
  if (all === undefined) return undefined;
  const counts = new Int32Array(data.classes);
  for (const label of all) if (label >= 0) counts[label] = (counts[label] as number) + 1;
  return counts;
}

const isSequence = (data: DataSet): boolean => (askLabels(data, Int32Array.of(0))?.length ?? data.size) > 1;
