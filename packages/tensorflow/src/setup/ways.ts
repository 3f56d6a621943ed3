import type { SetupReporter } from './events.js';
import { libraryKey } from './library.js';
import type { TfjsNode } from './tfjs-node.js';
import { makeWheelLibrary } from './wheel-library.js';
import type { Wheel } from './wheels.js';

/** All that a set-up depends on. */
export interface SetupContext {
  readonly platform: string;
  readonly cache: string;
  readonly target: TfjsNode;
  readonly wheel: Wheel | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly force: boolean;
  readonly report: SetupReporter;
}

/** A way to the library: its name in the cache, and how it gets there. */
export interface Way {
  readonly source: 'wheel';
  readonly key: string;
  make(): Promise<void>;
}

/** The ways to the library on this platform, in the order in which they are tried. Each compares what it downloads with a known SHA-256. */
export function waysOf({ wheel, cache, platform, env, report }: SetupContext): Way[] {
  if (wheel === undefined) return [];
  return [{ source: 'wheel', key: libraryKey(wheel.version, platform), make: () => makeWheelLibrary(cache, platform, wheel, env, report) }];
}
