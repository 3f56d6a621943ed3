import { nearest, TemperError, type Files } from '@temper/core';

/** The images and labels of one data set. */
export interface Pair {
  readonly images: string;
  readonly labels: string;
}

/** The names under which MNIST and its relatives are published. */
const usual = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/**
 * The training and the test files of a folder by their usual names, with `.gz` or not, with `-idx3` or `.idx3`. If only one of the two
 * pairs exists, it is used for training.
 * @throws TemperError `data/not-found` where there is no pair, or half of one.
 */
export async function findPairs(folder: string, files: Files): Promise<{ readonly train: Pair; readonly test?: Pair }> {
  const names = await files.list(folder);
  const find = (name: string): string | undefined => {
    const spellings = [name, name.replace('-idx', '.idx')].flatMap((spelling) => [spelling, `${spelling}.gz`]);
    return spellings.find((spelling) => names.includes(spelling));
  };
  const pair = ({ images, labels }: Pair): Pair | undefined => {
    const found = { images: find(images), labels: find(labels) };
    if (found.images === undefined && found.labels === undefined) return undefined;
    if (found.images === undefined || found.labels === undefined)
      throw missing(folder, found.images === undefined ? images : labels, names);
    return { images: `${folder}/${found.images}`, labels: `${folder}/${found.labels}` };
  };
  const [train, test] = [pair(usual.train), pair(usual.test)];
  const first = train ?? test;
  if (first === undefined) throw missing(folder, usual.train.images, names);
  return train === undefined || test === undefined ? { train: first } : { train, test };
}

function missing(folder: string, file: string, names: readonly string[]): TemperError {
  const near = nearest(file, names);
  const there =
    names.length === 0
      ? 'The folder is empty.'
      : near === undefined
        ? `The folder holds ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}.`
        : `Nearest in the folder: ${near}.`;
  return new TemperError({
    code: 'data/not-found',
    message: `there is no ${file} (or ${file}.gz) in ${folder}`,
    hint: `${there} Give files with other names as images, labels, testImages and testLabels.`,
  });
}
