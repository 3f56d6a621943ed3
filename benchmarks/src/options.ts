import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cases, type Case } from './cases.js';
import { limits } from './instructions.js';

export const help = `pnpm bench [--only TEXT] [--rounds 5] [--seconds 0.5] [--instructions avx2] [--json FILE] [--record] [--soak]

Times Temper and, where python3 (or the Python that TEMPER_BENCH_PYTHON names) has it, PyTorch in turns.
  --only TEXT    lines whose name holds the text
  --rounds N     rounds of turns; the median of their medians counts, so at least 5 (default 5)
  --seconds N    how long each of them is timed in a round (default 0.5)
  --instructions avx2
                 limits both sides to AVX2, as most laptops and desktops have it
  --json FILE    writes [{ name, oursMs, peer, peerMs, ratio }]; peer is null where there is nothing to compare with
  --record       adds the results to benchmarks/results.json and RESULTS.md
  --soak         1,000 recordings, 100,000 updates and a run of 200,000, with memory over time, instead;
                 --record keeps them too`;

/** What the command line asks for. */
export interface Options {
  readonly help: boolean;
  readonly soak: boolean;
  readonly record: boolean;
  readonly json: string | undefined;
  readonly rounds: number;
  readonly seconds: number;
  readonly cases: readonly Case[];
}

/** A mistake in the command line: what is wrong, and what is allowed. */
export class UsageError extends Error {}

const fewestRounds = 5;

/**
 * Reads and checks the command line before anything is measured.
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): Options {
  const { json, only, rounds, seconds, instructions, record, soak, help } = parsed(args);
  if (instructions !== undefined && limits[instructions] === undefined) {
    throw new UsageError(`--instructions is "${instructions}"; it has to be ${Object.keys(limits).join(' or ')}`);
  }
  if (json !== undefined) checkWritable(json);
  const chosen = cases.filter(({ name }) => name.includes(only));
  if (chosen.length === 0)
    throw new UsageError(`--only "${only}" is in no line's name. The names are:\n${cases.map(({ name }) => `  ${name}`).join('\n')}`);
  return {
    help,
    soak,
    record,
    json,
    rounds: number('rounds', rounds, (value) => Number.isInteger(value) && value >= fewestRounds, `a whole number from ${fewestRounds} on`),
    seconds: number('seconds', seconds, (value) => value > 0 && value <= 600, 'a number above 0 and up to 600'),
    cases: chosen,
  };
}

function parsed(args: readonly string[]) {
  const text = (given: string) => ({ type: 'string', default: given }) as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = {
      json: { type: 'string' },
      instructions: { type: 'string' },
      only: text(''),
      rounds: text('5'),
      seconds: text('0.5'),
      record: flag,
      soak: flag,
      help: flag,
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`);
  }
}

function number(option: string, text: string, isAllowed: (value: number) => boolean, allowed: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!isAllowed(value)) throw new UsageError(`--${option} is "${text}"; it has to be ${allowed}`);
  return value;
}

/** Minutes of measuring are not to be lost because their file cannot be written. */
function checkWritable(file: string): void {
  try {
    accessSync(existsSync(file) ? file : dirname(resolve(file)), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--json ${file} cannot be written: ${(error as Error).message}. Give a file in a folder that exists and is yours`);
  }
}
