import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';

/** A place in the code of a step. */
export interface Origin {
  /** Names of the enclosing `tf.tidy(name, …)` calls, outermost first: the plug-in, where the loop names it. */
  readonly scopes: readonly string[];
  /** Function, file and line of the innermost frame outside of TensorFlow.js. */
  readonly place: string | undefined;
}

interface ScopeState {
  readonly state: { readonly scopeStack: readonly { readonly name: string }[] };
}

const framesKept = 40;

/** Records the current place in the code without the frames of `below`; the expensive part is computed on demand. */
export function captureOrigin(below: (...given: never[]) => unknown): () => Origin {
  const scopes = (tf.engine() as unknown as ScopeState).state.scopeStack.map((scope) => scope.name);
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = framesKept;
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  return () => ({ scopes: scopes.filter(isGiven), place: placeOf(holder.stack ?? '') });
}

/**
 * Returns whether a scope was named by its author: tfjs names the scopes of its operations `add__op`; the gradient's and unnamed ones
 * have fixed names.
 */
const isGiven = (name: string): boolean =>
  !name.endsWith('__op') && !['', 'unnamed scope', 'unnamed', 'forward', 'backward', 'gradients', 'tidy'].includes(name);

const frame = /^\s*at (?:async )?(?:(.+?) \()?((?:file:\/\/)?[^()]+?):(\d+):\d+\)?$/;

function placeOf(stack: string): string | undefined {
  for (const line of stack.split('\n').slice(1)) {
    const [, called, file, number] = frame.exec(line) ?? [];
    if (file === undefined || file.startsWith('node:') || /[\\/]@tensorflow[\\/]/.test(file)) continue;
    const path = file.startsWith('file://') ? fileURLToPath(file) : file;
    const shown = relative(process.cwd(), path);
    return `${called === undefined ? '' : `${called} at `}${shown.startsWith('..') ? path : shown}:${number}`;
  }
  return undefined;
}

/** Formats an origin for messages: `loss "soft", at softLoss at my-loss.ts:12`. */
export function showOrigin({ scopes, place }: Origin): string {
  const parts = [scopes.join(' › '), place === undefined ? '' : `in ${place}`].filter((part) => part !== '');
  return parts.length === 0 ? 'at an unknown place' : parts.join(', ');
}
