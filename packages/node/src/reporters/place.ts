import { lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { TemperError, token, Tokens, type Services } from '@temper/core';
import { isReserved } from '../store/reserved.js';

/** Folders outside of the run's folder to which reporters of a config may write: a config alone cannot allow one. */
export const WritableFolders = token<readonly string[]>('temper.WritableFolders');

/** Names of Temper's reporters in a run's folder, to which a config may also write explicitly. */
const own: readonly string[] = ['events.jsonl', 'tensorboard'];
const networks: readonly string[] = ['student', 'teacher'];

/** The output of a reporter in a config: the option that names it, its value, and the default name. */
interface Wanted {
  readonly option: string;
  readonly given: string | undefined;
  readonly name: string;
}

/**
 * Returns the function that gives the output path of a reporter in a config: in the run's folder, which gets its name when the run
 * starts, or in a folder that the program or the command line allows. The parent folder is made.
 * @throws TemperError `config/invalid` at once for a path in neither; later for a path that leaves it through a link.
 */
export function placeOf({ option, given, name }: Wanted, services: Services): () => Promise<string> {
  const wanted = given ?? name;
  const isOutside = isAbsolute(wanted);
  const writable = isOutside ? services.get(WritableFolders).map((folder) => resolve(folder)) : [];
  const opened = writable.find((folder) => isWithin(resolve(wanted), folder));
  if (isOutside ? opened === undefined : !isWithin(resolve(sep, 'run', wanted), resolve(sep, 'run'))) throw outside(option, wanted);
  const first = normalize(wanted).split(sep)[0] ?? '';
  if (!isOutside && !own.includes(first) && (isReserved(first) || networks.includes(first))) throw taken(option, wanted);
  const store = isOutside ? undefined : services.get(Tokens.RunStore);
  let place: string | undefined;
  return async () => {
    if (place !== undefined) return place;
    const base = opened ?? store?.location ?? '';
    const path = isOutside ? wanted : join(base, wanted);
    if (dirname(path) !== base) await mkdir(dirname(path), { recursive: true });
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    if (isLink || !isWithin(await realpath(dirname(path)), await realpath(base))) throw outside(option, wanted);
    return (place = path);
  };
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

const outside = (option: string, given: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: option,
    message: `must be a path in the folder of the run, got ${JSON.stringify(given)}`,
    hint:
      'Give a path that starts in that folder, or open another folder to reporters: --write-to FOLDER on the command line, ' +
      'node({ writable: [folder] }) in code; then name it by its absolute path.',
  });

const taken = (option: string, given: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: option,
    message: `must be another path: ${JSON.stringify(given)} is a file of the run itself`,
    hint: 'Choose another name.',
  });
