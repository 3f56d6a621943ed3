import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { definePlugin, defineReporter, Tokens, type Services } from '@temper/core';
import { z } from 'zod';
import { fileError } from '../store/file-error.js';
import { eventLines } from './event-lines.js';
import { tensorBoard } from './tensor-board.js';
import { terminal, TerminalReporter, terminalReporter } from './terminal/terminal.js';

const path = z.string().min(1).optional();

/** The place given, whose folder is made, or one in the run's folder, which has its name only once the run has begun. */
function placeOf(given: string | undefined, name: string, services: Services): () => Promise<string> {
  const store = given === undefined ? services.get(Tokens.RunStore) : undefined;
  let place: string | undefined;
  return async () => {
    if (given !== undefined && place === undefined) await mkdir(dirname(given), { recursive: true });
    return (place ??= given ?? join(store?.location ?? '', name));
  };
}

/**
 * Every event as a line of JSON in a file, `events.jsonl` in the run's folder unless `file` says otherwise. A run that is
 * resumed adds to it.
 * @example kit.run({ reporters: [{ type: 'jsonl' }], data, teacher, student })
 */
export const jsonl = defineReporter({
  type: 'jsonl',
  options: z.strictObject({ file: path }),
  create({ file }, services) {
    const place = placeOf(file, 'events.jsonl', services);
    const append = async (line: string): Promise<void> => appendFile(await place(), line);
    const failed = async (error: unknown): Promise<never> => Promise.reject(fileError('write', file ?? (await place()), error));
    return { ...eventLines((line) => append(line).catch(failed)), name: 'jsonl' };
  },
});

/**
 * Every event as a line of JSON on the console, for programs that start the run: on stdout, or on stderr where stdout holds the
 * one document of `temper run --json`.
 * @example kit.run({ reporters: [{ type: 'console-json' }], data, teacher, student })
 */
export const consoleJson = defineReporter({
  type: 'console-json',
  options: z.strictObject({}),
  create: () => ({ ...eventLines((line) => console.log(line.trimEnd())), name: 'console-json' }),
});

/**
 * Curves for TensorBoard, in the folder `tensorboard` of the run's folder unless `folder` says otherwise; see `tensorBoard`.
 * @example kit.run({ reporters: [{ type: 'tensorboard', folder: 'board/first' }], data, teacher, student })
 */
export const tensorboard = defineReporter({
  type: 'tensorboard',
  options: z.strictObject({ folder: path }),
  create({ folder }, services) {
    const place = placeOf(folder, 'tensorboard', services);
    let board: ReturnType<typeof tensorBoard> | undefined;
    return {
      name: 'tensorboard',
      report: async (event, run) => (board ??= tensorBoard(await place())).report(event, run),
      close: () => board?.close?.(),
    };
  },
});

/** Reporters that a config may name, for `createKit({ plugins: [reporters, …] })`. */
export const reporters = definePlugin({
  name: 'reporters',
  provides: [terminal, jsonl, consoleJson, tensorboard],
  services: (container) => void (container.isBound(TerminalReporter) || container.bind(TerminalReporter).toDynamicValue(() => terminalReporter()).inSingletonScope()),
});
