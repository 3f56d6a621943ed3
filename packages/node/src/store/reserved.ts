/** What a run's folder holds itself, by name; lower case, since some file systems ignore case. */
const names: ReadonlySet<string> = new Set([
  'config.json',
  'metrics.jsonl',
  'summary.json',
  'run.json',
  'checkpoints',
  'events.jsonl',
  'tensorboard',
]);

/** Locks and files in the making, which Temper removes; and names that Windows keeps for devices or cannot store. */
const forms: readonly RegExp[] = [/^lock\b/, /\.(?:tmp|old)$/, /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/, /\.$/];

/**
 * Whether a name in a run's folder is taken by Temper or the system, so that no network can have it.
 * @example isReserved('checkpoints') // true
 */
export function isReserved(name: string): boolean {
  const lower = name.toLowerCase();
  return names.has(lower) || forms.some((form) => form.test(lower));
}
