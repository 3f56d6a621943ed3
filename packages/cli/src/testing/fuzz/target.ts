import type { RandomStream } from '@temper/core';

/** One thing to try. */
export interface Attempt {
  /** What was changed and how, to show where it fails. */
  readonly given: unknown;
  run(): unknown;
}

/** A target that is ready: its valid seeds are made. */
export interface Ready {
  /** The same attempt for the same random numbers. */
  attempt(random: RandomStream): Attempt | Promise<Attempt>;
  close?(): Promise<void>;
}

/** A reader or an entry of Temper that takes what others wrote. */
export interface Target {
  readonly name: string;
  /** What is changed, in the plural. */
  readonly what: string;
  /** Whether a message may quote errors of libraries that read the same files. */
  readonly quotes?: boolean;
  /** Bytes that libraries keep of each attempt, for good. */
  readonly stays?: number;
  start(): Promise<Ready>;
}
