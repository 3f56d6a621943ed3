import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('bundlers keep what the libraries do on import: tfjs registers its layers there', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly sideEffects: unknown;
    readonly imports: { readonly '#libraries': { readonly default: string } };
  };
  // With `false` a bundle for browsers cannot load a saved student: "Unknown layer: Reshape".
  expect(manifest.sideEffects).toEqual([manifest.imports['#libraries'].default]);
});
