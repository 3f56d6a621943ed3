import envPaths from 'env-paths';

/** The per-user folder that every checkout shares; `TEMPER_CACHE` puts it elsewhere. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.TEMPER_CACHE ?? envPaths('temper', { suffix: '' }).cache;
}
