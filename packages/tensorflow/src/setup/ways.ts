import type { SetupReporter } from './events.js';
import { libraryKey } from './library.js';
import type { TfjsNode } from './tfjs-node.js';
import { makeWheelLibrary } from './wheel-library.js';
import type { Wheel } from './wheels.js';

/** The dependencies of a set-up. */
export interface SetupContext {
  readonly platform: string;
  readonly cache: string;
  readonly target: TfjsNode;
  readonly wheel: Wheel | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly force: boolean;
  readonly report: SetupReporter;
}

/** A source of the library: its name in the cache, and how to get it. */
export interface Way {
  readonly source: 'wheel';
  readonly key: string;
  make(): Promise<void>;
}

/**
 * Returns the sources of the library on this platform, in the order in which they are tried. Each compares its download with a known
 * SHA-256.
 */
export function waysOf({ wheel, cache, platform, env, report }: SetupContext): Way[] {
  if (wheel === undefined) return [];
  return [{ source: 'wheel', key: libraryKey(wheel.version, platform), make: () => makeWheelLibrary(cache, platform, wheel, env, report) }];
}
