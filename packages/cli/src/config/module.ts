import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import { createJiti } from 'jiti';
import { mistake } from './mistake.js';

// A config gets the same packages as the command itself, so that a plug-in is the same value in both.
const shared = ['cli', 'core', 'schedules', 'losses', 'data', 'models', 'recipes', 'node', 'experiments'];

/** Returns the default export of a TypeScript or JavaScript module. */
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
    const hint = hintFor(error, file);
    throw mistake(`${file}: ${reasonOf(error)}`, { cause: error, ...(hint === undefined ? {} : { hint }) });
  }
  if (loaded.default === undefined) {
    throw mistake(`${file}: has no default export`, { hint: 'Write: export default defineDistillation({ … });' });
  }
  return loaded.default;
}

/**
 * Waits for a module. A module whose top-level `await` waits for a promise that never settles leaves the process without work, and Node
 * would end it without a message.
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

/** Compiled configs are stored by their content in the user's cache, since the compiler takes a while to load. */
const compiledConfigs = (): string => join(process.env['TEMPER_CACHE'] ?? envPaths('temper', { suffix: '' }).cache, 'configs');

const pathOf = (name: string): string => fileURLToPath(import.meta.resolve(name));

/** Returns the packages that a config usually needs for its own definitions and that its folder lacks: it gets those of the command. */
function missing(file: string, name: string): string[] {
  try {
    createRequire(file).resolve(name);
    return [];
  } catch {
    return [name];
  }
}

/** Returns the hint for a module that was not found: the command that installs a package, or a note about the path. */
function hintFor(error: unknown, file: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const wanted = /^Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1];
  if (wanted === undefined) return undefined;
  if (/^(?:[./\\]|[A-Za-z]:|file:)/.test(wanted)) return 'Correct the path of this import; it starts from the file that imports it.';
  // The name of the package without the path in it: @scope/name/part, name/part.
  const name = wanted
    .split('/')
    .slice(0, wanted.startsWith('@') ? 2 : 1)
    .join('/');
  return `Install the package in the folder of the config: ${installer(dirname(file))} ${name}`;
}

/** Returns the install command of the package manager of a folder, or of the closest parent that has one. */
function installer(folder: string): string {
  const holds = (name: string): boolean => existsSync(join(folder, name));
  if (holds('pnpm-lock.yaml')) return 'pnpm add';
  if (holds('yarn.lock')) return 'yarn add';
  if (holds('bun.lock') || holds('bun.lockb')) return 'bun add';
  const parent = dirname(folder);
  return holds('package-lock.json') || parent === folder ? 'npm install' : installer(parent);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const [first = '', second = ''] = error.message.split('\n');
  const syntax = /^ParseError: (.*\S)/.exec(first)?.[1];
  if (syntax === undefined) return `could not be loaded: ${first}`;
  const [, line, column] = /:(\d+):(\d+)$/.exec(second.trim()) ?? [];
  return `does not parse: ${syntax}${line === undefined ? '' : ` at line ${line}, column ${column ?? ''}`}`;
}
