import type { Attribute, Constant, TensorSpec } from '../graph/graph.js';
import type { Origin } from './origin.js';

/** Where an operation's input comes from. */
export type Operand =
  | { readonly from: 'operation'; readonly index: number; readonly output: number }
  | { readonly from: 'source'; readonly source: Source }
  | { readonly from: 'constant'; readonly constant: Constant; readonly origin: () => Origin; readonly captured: boolean };

/** A tensor that is given to the step anew at every run. */
export interface Source {
  readonly kind: 'input' | 'state' | 'frozen';
  /** Name of the input, or place in the step's `state` or `frozen`. */
  readonly key: string;
  readonly spec: TensorSpec;
}

/** An operation as it was sent to TensorFlow. */
export interface Operation {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly TensorSpec[];
}

/** All that one run of a step did, in terms of its sources. */
export interface Recording {
  readonly operations: readonly Operation[];
  readonly outputs: Readonly<Record<string, Operand>>;
  /** New values of the state, by place; those that the step left alone are undefined. */
  readonly state: readonly (Operand | undefined)[];
  /** Why the step cannot be run from this recording; empty where it can. */
  readonly problems: readonly Problem[];
}

/** What stands in the way, and what its author can do. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
  /** True where the change that shows the problem is new at this update, so that no earlier one is wrong. */
  readonly isNew?: boolean;
}
