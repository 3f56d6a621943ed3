import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The summary of a run that is done; undefined where it is not there, or cut off: then the run goes on and writes it. */
export function summaryIn(folder: string): object | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as object;
  } catch {
    return undefined;
  }
}
