import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseStudent, type StudentDescription } from '@temper/core';
import { codeOf, fileError } from '../store/file-error.js';

/**
 * What the `student.json` of a folder says of the network in it; undefined where there is none.
 * @throws TemperError `model/invalid` for one that is damaged, `environment/files` for one that cannot be read.
 */
export async function readDescription(folder: string): Promise<StudentDescription | undefined> {
  const path = join(folder, 'student.json');
  try {
    return parseStudent(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}
