import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import { createJiti } from 'jiti';
import { mistake } from './mistake.js';

// A config gets the very packages that the command itself runs with, so that a plug-in is the same value on both sides.
const shared = ['cli', 'core', 'schedules', 'losses', 'data', 'models', 'recipes', 'node', 'experiments'];

/** The default export of a TypeScript or JavaScript module. */
export async function importModule(file: string): Promise<unknown> {
  const alias = Object.fromEntries(
    [...shared.map((name) => `@temper/${name}`), ...missing(file, 'zod')].map((name) => [name, pathOf(name)]),
  );
  const jiti = createJiti(import.meta.url, { alias, fsCache: compiledConfigs(), interopDefault: false });
  let loaded: { readonly default?: unknown };
  try {
    loaded = await settled(jiti.import<{ readonly default?: unknown }>(file), file);
  } catch (error) {
    if (error instanceof Error && error.name === 'TemperError') throw error;
    throw mistake(`${file}: ${reasonOf(error)}`, { cause: error });
  }
  if (loaded.default === undefined) {
    throw mistake(`${file}: has no default export`, { hint: 'Write: export default defineDistillation({ … });' });
  }
  return loaded.default;
}

/**
 * Waits for a module. One whose top-level `await` waits for a promise that nothing settles leaves the process without work,
 * and Node would end it without a word.
 */
async function settled<T>(loading: Promise<T>, file: string): Promise<T> {
  let refuse = (): void => undefined;
  const idle = new Promise<never>((_, reject) => {
    refuse = () => reject(mistake(`${file}: never finishes loading: its top-level await waits for a promise that is never settled`));
  });
  process.once('beforeExit', refuse);
  try {
    return await Promise.race([loading, idle]);
  } finally {
    process.off('beforeExit', refuse);
  }
}

/** What a config compiles to is kept by its content in the user's cache, since the compiler alone takes a while to load. */
const compiledConfigs = (): string => join(process.env['TEMPER_CACHE'] ?? envPaths('temper', { suffix: '' }).cache, 'configs');

const pathOf = (name: string): string => fileURLToPath(import.meta.resolve(name));

/** A package that a config usually needs for its own definitions, where its folder has none: then it gets ours. */
function missing(file: string, name: string): string[] {
  try {
    createRequire(file).resolve(name);
    return [];
  } catch {
    return [name];
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const [first = '', second = ''] = error.message.split('\n');
  const syntax = /^ParseError: (.*\S)/.exec(first)?.[1];
  if (syntax === undefined) return `could not be loaded: ${first}`;
  const [, line, column] = /:(\d+):(\d+)$/.exec(second.trim()) ?? [];
  return `does not parse: ${syntax}${line === undefined ? '' : ` at line ${line}, column ${column ?? ''}`}`;
}
