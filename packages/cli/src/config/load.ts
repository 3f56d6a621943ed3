import { extname } from 'node:path';
import { reasonOf, TemperError, type AnyDefinition, type Plugin } from '@temper/core';
import { findConfig } from './find.js';
import { mistake } from './mistake.js';
import { readText } from './read-text.js';

/** The contents of a config file: the run as written, and its plug-ins. */
export interface LoadedConfig {
  /** Absolute path. */
  readonly file: string;
  readonly plugins: readonly (Plugin | AnyDefinition)[];
  /** Not checked yet. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Reads a config file: `.json`, or a module (`.ts`, `.mts`, `.js`, `.mjs`) with a default export.
 * @throws TemperError `config/invalid` for a file that is absent, does not parse or exports another value.
 */
export async function loadConfig(given?: string): Promise<LoadedConfig> {
  const file = findConfig(given);
  const isJson = extname(file) === '.json';
  // Read in any case, so that a missing or unreadable file has the same message for both kinds.
  const text = await readText(file, 'Name a config file: a .ts, .js, .mjs or .json file.');
  const written = isJson ? parseJson(file, text) : await importFile(file);
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    const verb = isJson ? 'hold' : 'export as default';
    const more = isJson ? {} : { hint: 'Write: export default defineDistillation({ … });' };
    throw mistake(`${file}: must ${verb} an object with the run's options, got ${kindOf(written)}`, more);
  }
  if (isJson && 'plugins' in written) {
    throw mistake('not allowed in a JSON config, which can only use the standard plug-ins', {
      path: 'plugins',
      hint: 'Use a temper.config.ts, which can import your own.',
    });
  }
  return { file, ...partsOf(written, file) };
}

/** Returns the parts of a config; a getter or a proxy of a program may throw any value. */
function partsOf(written: object, file: string): Omit<LoadedConfig, 'file'> {
  try {
    // `$schema` is for editors.
    const { plugins = [], $schema: _, ...config } = written as Record<string, unknown>;
    return { plugins: checkPlugins(plugins), config };
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw mistake(`${file}: the config cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Imports a module; a config in JSON needs no compiler. */
async function importFile(file: string): Promise<unknown> {
  const { importModule } = await import('./module.js');
  return importModule(file);
}

/** Checks plug-ins; the kit checks them too, but counts them after the standard ones. */
function checkPlugins(plugins: unknown): LoadedConfig['plugins'] {
  if (!Array.isArray(plugins)) throw mistake(`must be a list of plug-ins and definitions, got ${kindOf(plugins)}`, { path: 'plugins' });
  (plugins as unknown[]).forEach((one, index) => {
    const isObject = (typeof one === 'object' && one !== null) || typeof one === 'function';
    if (isObject && ('provides' in one || 'kind' in one)) return;
    throw new TemperError({
      code: 'plugin/invalid',
      path: `plugins[${index}]`,
      message: `must be a plug-in (definePlugin) or a definition (defineSchedule, defineLoss, …), got ${kindOf(one)}`,
      ...(typeof one === 'function' ? { hint: 'It is a function: must it be called?' } : {}),
    });
  });
  return plugins as LoadedConfig['plugins'];
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw mistake(`${file}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value instanceof Promise) return 'a promise';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
