import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the summary of a finished run; undefined if the file is missing or incomplete: then the run is resumed and writes it. */
export function summaryIn(folder: string): object | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as object;
  } catch {
    return undefined;
  }
}
