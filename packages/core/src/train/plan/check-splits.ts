import { z } from 'zod';
import type { DataSet, DataSplits, Preparation } from '../../contracts/data.js';
import { TemperError } from '../../errors.js';
import { isRecord } from '../../is-record.js';
import { takeFailure } from '../../is-tensor.js';
import { formatPath, type Path } from '../../path.js';
import { listOf } from '../../list-of.js';
import { show } from '../../kit/issues.js';
import { readable } from '../../kit/readable.js';
import { checkFacts } from '../../preparation/check-preparation.js';
import { samePreparation, showPreparation } from '../../preparation/prepare.js';

/**
 * Checks that training, validation and test data exist, have samples, and agree on the classes.
 * @param path Path of the data in the config, for messages.
 * @throws TemperError `data/invalid` with the path of the first fault.
 */
export function checkSplits(splits: DataSplits, path: Path = ['data']): DataSplits {
  return readable('data/invalid', path, () => checked(splits, path));
}

function checked(splits: DataSplits, at: Path): DataSplits {
  if (!isRecord(splits)) throw refuse(at, `must be an object with train, validation and test, got ${show(splits)}`);
  const { warnings } = splits as { readonly warnings?: unknown };
  if (warnings !== undefined && !isTexts(warnings)) throw refuse([...at, 'warnings'], `must be a list of texts, got ${show(warnings)}`);
  for (const name of ['train', 'validation', 'test'] as const) {
    const part: unknown = splits[name];
    const path = [...at, name];
    if (part === undefined || part === null) throw refuse(path, 'is missing; training needs train, validation and test data');
    checkDataSet(part, path);
    const { size, classes, preparation } = part as DataSet;
    if (size === 0) throw refuse(path, 'must have at least one sample, got 0');
    if (classes !== splits.train.classes) throw refuse(path, `has ${classes} classes, the training data ${splits.train.classes}`);
    checkFacts(part as DataSet, `${formatPath(path)}.`);
    checkPrepared(preparation, splits.train.preparation, path);
  }
  return splits;
}

const aFunction = z.custom((value) => typeof value === 'function', 'must be a function');
const texts = listOf(z.string());

const dataSet = z.looseObject({
  // Samples are addressed by 32-bit integers.
  size: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  inputShape: listOf(z.int().min(1)),
  classes: z.int().min(2),
  batch: aFunction,
  labels: aFunction.optional(),
  fingerprint: aFunction.optional(),
  classNames: texts.optional(),
  inputNames: texts.optional(),
  varying: z.boolean().optional(),
  inMemory: z.boolean().optional(),
});

const isTexts = (value: unknown): boolean => texts.safeParse(value).success;

/** Checks a data set, which may be a user's own with any properties. */
function checkDataSet(part: unknown, path: Path): void {
  if (part instanceof Promise) {
    takeFailure(part);
    throw refuse(path, 'must be a data set, got a promise', 'Wait for it: train: await storedDataSet({ … }).');
  }
  const [issue] = dataSet.safeParse(part).error?.issues ?? [];
  if (issue === undefined) return;
  const value = issue.path.reduce<unknown>((holder, key) => (isRecord(holder) ? holder[key as string] : undefined), part);
  throw refuse(
    [...path, ...issue.path],
    `is not valid in a data set: ${issue.message.replace(/^Invalid input: /, '')}; got ${show(value)}`,
  );
}

/** Refuses parts with different preparations: the network would be evaluated on inputs unlike those of its training. */
function checkPrepared(part: Preparation | undefined, train: Preparation | undefined, path: Path): void {
  if (part === train || (part !== undefined && train !== undefined && samePreparation(part, train))) return;
  const said = (one: Preparation | undefined): string => (one === undefined ? 'not stated' : showPreparation(one));
  throw refuse(
    [...path, 'preparation'],
    `is ${said(part)}, that of the training data ${said(train)}`,
    'Prepare all parts in the same way, with the values of the training data.',
  );
}

const refuse = (path: Path, message: string, hint?: string): TemperError =>
  new TemperError({ code: 'data/invalid', path, message, ...(hint === undefined ? {} : { hint }) });
