import { existsSync, readFileSync, statSync } from 'node:fs';
import { access, constants, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TemperError } from '@temper/core';
import { cacheFolder } from '../system/cache-folder.js';
import { findCompiler } from '../setup/compiler.js';
import { failureOf, installedKernels } from '../setup/kernels.js';
import { findLibrary, type Library } from '../setup/library.js';
import { findPip, pipVersion } from '../setup/pip.js';
import { currentPlatform } from '../setup/platform.js';
import type { Probe } from '../setup/probe.js';
import { givenOneDnn, oneDnnLevel, oneDnnVariable, turnsOnByItself, usesOneDnn } from './one-dnn.js';
import { kernelLevel } from './kernel-level.js';
import { linkedBinding, type TfjsNode } from '../setup/tfjs-node.js';
import { wheels } from '../setup/wheels.js';
import { shellCommand } from '../system/shell-command.js';

/** The result of one check. */
export interface Check {
  readonly name:
    | 'Node'
    | 'platform'
    | 'processor'
    | 'oneDNN'
    | 'Python'
    | 'compiler'
    | 'cache'
    | 'library'
    | 'binding'
    | 'loading'
    | 'matrix product'
    | 'kernels'
    | 'backend';
  /** `warning`: it does not matter now, but would for a new set-up. */
  readonly status: 'ok' | 'warning' | 'failed';
  /** The state that was found. */
  readonly found: string;
  /** The remedy, if one is needed. */
  readonly mend?: string;
}

const runSetup = (): string => `Run the set-up: \`${shellCommand('setup')}\`.`;

export function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const found = `Node ${process.versions.node}`;
  return major > 20 || (major === 20 && minor >= 19)
    ? { name: 'Node', status: 'ok', found }
    : { name: 'Node', status: 'failed', found, mend: 'Install Node 20.19 or later.' };
}

export function checkPlatform(): Check {
  const platform = currentPlatform();
  if (wheels[platform] !== undefined) return { name: 'platform', status: 'ok', found: platform };
  return {
    name: 'platform',
    status: 'failed',
    found: `${platform}: there is no build of TensorFlow for it that the set-up can verify`,
    mend: 'The slower backend works; the native one needs Linux with glibc (also in WSL), or macOS on arm64.',
  };
}

export async function checkPython(env: NodeJS.ProcessEnv, missing: Check['status']): Promise<Check> {
  const python = await attempt(() => findPip(env));
  if (python instanceof TemperError) return fromError('Python', missing, python);
  return { name: 'Python', status: 'ok', found: `${python} with ${(await pipVersion(python, env)) ?? 'pip'}` };
}

export async function checkCompiler(env: NodeJS.ProcessEnv, missing: Check['status']): Promise<Check> {
  const compiler = await attempt(() => findCompiler(env));
  return compiler instanceof TemperError
    ? fromError('compiler', missing, compiler)
    : { name: 'compiler', status: 'ok', found: compiler.about };
}

export async function checkCache(env: NodeJS.ProcessEnv, missing: Check['status']): Promise<Check[]> {
  const cache = cacheFolder(env);
  const nearest = nearestPath(cache);
  const writable =
    statSync(nearest).isDirectory() &&
    (await access(nearest, constants.W_OK).then(
      () => true,
      () => false,
    ));
  const place: Check = writable
    ? { name: 'cache', status: 'ok', found: existsSync(cache) ? cache : `${cache} (not made yet)` }
    : { name: 'cache', status: missing, found: `${cache} may not be written`, mend: 'Set TEMPER_CACHE to a folder that may be written.' };
  const names = await readdir(cache).catch(() => []);
  const found = (await Promise.all(names.map((name) => findLibrary(cache, name)))).filter(
    (library): library is Library => library !== undefined,
  );
  const library: Check =
    found.length > 0
      ? { name: 'library', status: 'ok', found: found.map(({ key }) => key).join(', ') }
      : { name: 'library', status: missing, found: 'none in the cache', mend: runSetup() };
  return [place, library];
}

/** Returns the path itself, or its nearest parent that exists. */
const nearestPath = (path: string): string => (existsSync(path) ? path : nearestPath(dirname(path)));

export async function checkBinding(target: TfjsNode | TemperError): Promise<Check> {
  if (target instanceof TemperError) return fromError('binding', 'failed', target);
  const linked = await linkedBinding(target);
  if (existsSync(target.binding)) return { name: 'binding', status: 'ok', found: linked ?? target.binding };
  return {
    name: 'binding',
    status: 'failed',
    found: linked === undefined ? 'tfjs-node has none' : `it links to ${linked}, which is gone`,
    mend: runSetup(),
  };
}

export function checkLoading(probe: Probe): Check[] {
  if (!probe.loads) return [{ name: 'loading', status: 'failed', found: probe.problem, mend: probe.hint }];
  return [
    { name: 'loading', status: 'ok', found: `TensorFlow ${probe.tensorflow}` },
    {
      name: 'matrix product',
      status: 'ok',
      found: `[1 2; 3 4] · [5 6; 7 8] = [${probe.product.slice(0, 2).join(' ')}; ${probe.product.slice(2).join(' ')}]`,
    },
  ];
}

export const checkProcessor = (instructions: readonly string[] | undefined): Check => {
  const found =
    instructions === undefined
      ? 'its instructions are not known on this system'
      : instructions.length === 0
        ? 'no vector instructions'
        : instructions.join(' ');
  return { name: 'processor', status: 'ok', found };
};

/** Checks whether oneDNN is on in the probed library, by whose choice, and which instructions its code may use. */
export function checkOneDnn(probe: Probe, env: NodeJS.ProcessEnv, instructions: readonly string[] | undefined): Check[] {
  if (!probe.loads) return [];
  const given = givenOneDnn(env);
  // The probe requests it, as every entry point of Temper does.
  const on = usesOneDnn({ temperOneDnn: probe.oneDnn ?? null }, { [oneDnnVariable]: '1', ...(given === undefined ? {} : env) });
  const level = instructions === undefined ? '' : `, ${oneDnnLevel(instructions, env)} code`;
  if (given !== undefined) {
    const remedy = given ? {} : { mend: `Unset ${oneDnnVariable} so that Temper turns it on.` };
    return [
      {
        name: 'oneDNN',
        status: 'ok',
        found: `${on === true ? `on${level}` : 'off'}: ${oneDnnVariable}=${env[oneDnnVariable] ?? ''} is set`,
        ...remedy,
      },
    ];
  }
  if (on !== true) return [{ name: 'oneDNN', status: 'ok', found: 'off: this TensorFlow has no oneDNN' }];
  const who =
    turnsOnByItself(instructions) === true
      ? 'TensorFlow turns it on by itself for this processor'
      : 'Temper turns it on; TensorFlow by itself leaves it off for this processor';
  return [{ name: 'oneDNN', status: 'ok', found: `on${level}: ${who}` }];
}

/** Checks the kernels of Temper, which only make recorded steps faster. */
export function checkKernels(target: TfjsNode | TemperError, env: NodeJS.ProcessEnv, instructions: readonly string[] | undefined): Check[] {
  const path = target instanceof TemperError ? undefined : installedKernels(target);
  if (path === undefined) return [];
  if (env.TEMPER_KERNELS === 'off') return [{ name: 'kernels', status: 'ok', found: 'TEMPER_KERNELS switches them off' }];
  if (existsSync(path))
    return [
      { name: 'kernels', status: 'ok', found: instructions === undefined ? path : `${kernelLevel(instructions, env)} code: ${path}` },
    ];
  const failure = existsSync(failureOf(path)) ? readFileSync(failureOf(path), 'utf8') : 'not compiled';
  return [
    {
      name: 'kernels',
      status: 'warning',
      found: `none, recorded steps are somewhat slower: ${failure}`,
      mend: `Run \`${shellCommand('setup --force')}\` to compile them.`,
    },
  ];
}

/** Returns the value, or the failure as a TemperError to report. */
export async function attempt<T>(body: () => Promise<T>): Promise<T | TemperError> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof TemperError) return error;
    throw error;
  }
}

const fromError = (name: Check['name'], status: Check['status'], { details }: TemperError): Check => ({
  name,
  status,
  found: details.message,
  ...(details.hint === undefined ? {} : { mend: details.hint }),
});
