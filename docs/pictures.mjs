// Runs the TypeScript beside it without a build step.
import { createJiti } from 'jiti';

await createJiti(import.meta.url).import('./pictures.ts');
