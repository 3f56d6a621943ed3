import { makeArchiveLibrary, type Patience } from './archive-library.js';
import type { Archive } from './archives.js';
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
  readonly archive: Archive | undefined;
  readonly wheel: Wheel | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly force: boolean;
  readonly report: SetupReporter;
  readonly patience?: Patience;
}

/** A way to the library: its name in the cache, and how it gets there. */
export interface Way {
  readonly source: 'archive' | 'wheel';
  readonly key: string;
  make(): Promise<void>;
}

/** The ways to the library on this platform, in the order in which they are tried. */
export function waysOf({ archive, wheel, cache, platform, env, report, patience }: SetupContext): Way[] {
  const ways: Way[] = [];
  if (archive !== undefined) {
    ways.push({ source: 'archive', key: libraryKey(archive.version, platform), make: () => makeArchiveLibrary(cache, platform, archive, report, patience) });
  }
  if (wheel !== undefined) {
    ways.push({ source: 'wheel', key: libraryKey(wheel.version, platform), make: () => makeWheelLibrary(cache, platform, wheel, env, report) });
  }
  return ways;
}
