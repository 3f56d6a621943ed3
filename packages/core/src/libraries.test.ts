import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('tfjs is marked as a module with side effects, since it registers its layers', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly sideEffects: unknown;
    readonly imports: { readonly '#libraries': { readonly default: string } };
  };
  // With `false` a bundle for browsers cannot load a saved student: "Unknown layer: Reshape".
  expect(manifest.sideEffects).toEqual([manifest.imports['#libraries'].default]);
});
