import type { Attribute, Constant, TensorSpec } from '../graph/graph.js';
import type { Origin } from './origin.js';

/** The origin of an operation's input. */
export type Operand =
  | { readonly from: 'operation'; readonly index: number; readonly output: number }
  | { readonly from: 'source'; readonly source: Source }
  | { readonly from: 'constant'; readonly constant: Constant; readonly origin: () => Origin; readonly captured: boolean };

/** A tensor that is a new input of the step at every run. */
export interface Source {
  readonly kind: 'input' | 'state' | 'frozen';
  /** Name of the input, or index in the step's `state` or `frozen`. */
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

/** All operations of one run of a step, in terms of its sources. */
export interface Recording {
  readonly operations: readonly Operation[];
  readonly outputs: Readonly<Record<string, Operand>>;
  /** New values of the state, by index; undefined for variables that the step did not change. */
  readonly state: readonly (Operand | undefined)[];
  /** The reasons why the step cannot be run from this recording; empty where it can. */
  readonly problems: readonly Problem[];
}

/** A problem of a recording, with a hint for the author of the step. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
  /** True where the change that shows the problem is new at this update, so that no earlier update is wrong. */
  readonly isNew?: boolean;
}
