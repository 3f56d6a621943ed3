import util from 'node:util';

/**
 * Restores functions that tfjs-node 4.22 calls: Node 23 has removed `util.isNullOrUndefined`, and Node 22 prints a deprecation warning
 * for it and for `util.isArray`.
 */
export function restoreLegacyUtil(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
}
