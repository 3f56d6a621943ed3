/** Names that a run's folder uses itself; lower case, since some file systems ignore case. */
const names: ReadonlySet<string> = new Set([
  'config.json',
  'metrics.jsonl',
  'summary.json',
  'run.json',
  'checkpoints',
  'events.jsonl',
  'tensorboard',
  'report',
]);

/** Locks and unfinished files, which Temper removes; and names that Windows reserves for devices or cannot store. */
const forms: readonly RegExp[] = [/^lock\b/, /\.(?:tmp|old)$/, /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/, /\.$/];

/**
 * Returns whether Temper or the system reserves a name in a run's folder, so that no network can have it.
 * @example isReserved('checkpoints') // true
 */
export function isReserved(name: string): boolean {
  const lower = name.toLowerCase();
  return names.has(lower) || forms.some((form) => form.test(lower));
}
