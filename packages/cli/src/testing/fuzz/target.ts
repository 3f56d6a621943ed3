import type { RandomStream } from '@temper/core';

/** One attempt. */
export interface Attempt {
  /** The changed input, to show in a report. */
  readonly given: unknown;
  run(): unknown;
}

/** A target whose valid inputs exist. */
export interface Ready {
  /** Returns the same attempt for the same random numbers. */
  attempt(random: RandomStream): Attempt | Promise<Attempt>;
  close?(): Promise<void>;
}

/** A reader or a function of Temper that accepts input from others. */
export interface Target {
  readonly name: string;
  /** The name of its inputs, in the plural. */
  readonly what: string;
  /** Whether a message may quote errors of libraries that read the same files. */
  readonly quotes?: boolean;
  /** Bytes that libraries retain of each attempt permanently. */
  readonly stays?: number;
  start(): Promise<Ready>;
}
