import { join } from 'node:path';
import { parseStudent, type StudentDescription } from '@temper/core';
import { readRegular } from '../files/read-regular.js';
import { codeOf, fileError } from '@temper/tensorflow/system';

/**
 * Reads the description of a network from the `student.json` of its folder; undefined where there is none.
 * @throws TemperError `model/invalid` for a damaged file, `environment/files` for one that cannot be read.
 */
export async function readDescription(folder: string): Promise<StudentDescription | undefined> {
  const path = join(folder, 'student.json');
  try {
    return parseStudent((await readRegular(path)).toString(), path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}
