import envPaths from 'env-paths';

/** Returns the per-user folder that all checkouts share; `TEMPER_CACHE` changes it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.TEMPER_CACHE ?? envPaths('temper', { suffix: '' }).cache;
}
