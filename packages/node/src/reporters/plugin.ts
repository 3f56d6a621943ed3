import { appendFile } from 'node:fs/promises';
import { definePlugin, defineReporter } from '@temper/core';
import { z } from 'zod';
import { fileError } from '@temper/tensorflow/system';
import { eventLines } from './event-lines.js';
import { placeOf, WritableFolders } from './place.js';
import { tensorBoard } from './tensor-board.js';
import { terminal, TerminalReporter, terminalReporter } from './terminal/terminal.js';

const path = z.string().min(1).optional();

/**
 * Writes every event as a line of JSON to a file, `events.jsonl` or `file` in the run's folder. A run that is resumed appends to it.
 * @example kit.run({ reporters: [{ type: 'jsonl' }], data, teacher, student })
 */
export const jsonl = defineReporter({
  type: 'jsonl',
  options: z.strictObject({ file: path }),
  create({ file }, services) {
    const place = placeOf({ option: 'file', given: file, name: 'events.jsonl' }, services);
    const append = async (line: string): Promise<void> => appendFile(await place(), line);
    const failed = async (error: unknown): Promise<never> => Promise.reject(fileError('write', file ?? 'events.jsonl', error));
    return { ...eventLines((line) => append(line).catch(failed)), name: 'jsonl' };
  },
});

/**
 * Writes every event as a line of JSON to the console, for programs that start the run: on stdout, or on stderr where stdout holds the
 * document of `temper run --json`.
 * @example kit.run({ reporters: [{ type: 'console-json' }], data, teacher, student })
 */
export const consoleJson = defineReporter({
  type: 'console-json',
  options: z.strictObject({}),
  create: () => ({ ...eventLines((line) => console.log(line.trimEnd())), name: 'console-json' }),
});

/**
 * Writes curves for TensorBoard to `tensorboard` or `folder` in the run's folder; see `tensorBoard`.
 * @example kit.run({ reporters: [{ type: 'tensorboard', folder: 'board' }], data, teacher, student })
 */
export const tensorboard = defineReporter({
  type: 'tensorboard',
  options: z.strictObject({ folder: path }),
  create({ folder }, services) {
    const place = placeOf({ option: 'folder', given: folder, name: 'tensorboard' }, services);
    let board: ReturnType<typeof tensorBoard> | undefined;
    return {
      name: 'tensorboard',
      report: async (event, run) => (board ??= tensorBoard(await place())).report(event, run),
      close: () => board?.close?.(),
    };
  },
});

/** The reporters that a config may name, for `createKit({ plugins: [reporters, …] })`. */
export const reporters = definePlugin({
  name: 'reporters',
  provides: [terminal, jsonl, consoleJson, tensorboard],
  services(container) {
    if (!container.isBound(TerminalReporter))
      container
        .bind(TerminalReporter)
        .toDynamicValue(() => terminalReporter())
        .inSingletonScope();
    if (!container.isBound(WritableFolders)) container.bind(WritableFolders).toConstantValue([]);
  },
});
