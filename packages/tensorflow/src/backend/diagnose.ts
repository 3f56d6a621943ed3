import { TemperError } from '@temper/core';
import { probeBackend, type Probe } from '../setup/probe.js';
import { findTfjsNode, type TfjsNode } from '../setup/tfjs-node.js';
import {
  attempt,
  checkBinding,
  checkCache,
  checkCompiler,
  checkKernels,
  checkLoading,
  checkNode,
  checkOneDnn,
  checkPlatform,
  checkProcessor,
  checkPython,
  type Check,
} from './checks.js';
import { chosenBackend } from './load-backend.js';
import { oneDnnVariable } from './one-dnn.js';
import { vectorInstructions } from './processor.js';

/** The result of `diagnose`. */
export interface Diagnosis {
  /** True where no check failed. */
  readonly healthy: boolean;
  readonly checks: readonly Check[];
  /** The backend that a run uses here, and why. */
  readonly backend: { readonly name: 'tensorflow' | 'cpu'; readonly native: boolean; readonly reason: string };
}

/**
 * Looks at everything that the native backend needs, and loads it in a process of its own, so that a library that
 * crashes is a finding too. Changes nothing.
 * Throws `environment/backend` where `TEMPER_BACKEND` is not native, cpu or auto.
 * @example
 * const { checks, backend } = await diagnose();
 */
export async function diagnose(env: NodeJS.ProcessEnv = process.env): Promise<Diagnosis> {
  return examine(await attempt(async () => findTfjsNode()), env);
}

/** Runs `diagnose` for a given tfjs-node, or for the failure to find one. */
export async function examine(target: TfjsNode | TemperError, env: NodeJS.ProcessEnv): Promise<Diagnosis> {
  const probe: Probe =
    target instanceof TemperError
      ? { loads: false, problem: target.details.message, hint: target.hint ?? '' }
      : await probeBackend(target, undefined, { [oneDnnVariable]: env[oneDnnVariable] ?? '' });
  // A missing tool of the set-up is not a failure where the backend works without it.
  const missing = probe.loads ? 'warning' : 'failed';
  const backend = backendInUse(probe, env);
  const instructions = vectorInstructions();
  const checks: readonly Check[] = [
    checkNode(),
    checkPlatform(),
    checkProcessor(instructions),
    await checkPython(env, missing),
    await checkCompiler(env, missing),
    ...(await checkCache(env, missing)),
    await checkBinding(target),
    ...checkLoading(probe),
    ...checkOneDnn(probe, env, instructions),
    ...checkKernels(target, env, instructions),
    { name: 'backend', status: probe.loads || !backend.native ? 'ok' : 'failed', found: `${backend.name}: ${backend.reason}` },
  ];
  return { healthy: checks.every(({ status }) => status !== 'failed'), checks, backend };
}

function backendInUse(probe: Probe, env: NodeJS.ProcessEnv): Diagnosis['backend'] {
  const choice = chosenBackend(env);
  if (choice === 'cpu') return { name: 'cpu', native: false, reason: 'TEMPER_BACKEND requests it' };
  if (probe.loads) return { name: 'tensorflow', native: true, reason: 'the native backend loads' };
  if (choice === 'native') return { name: 'tensorflow', native: true, reason: 'TEMPER_BACKEND requests it, but it does not load' };
  return { name: 'cpu', native: false, reason: `the native backend does not load: ${probe.problem}` };
}
