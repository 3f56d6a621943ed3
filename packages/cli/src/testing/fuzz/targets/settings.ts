import { createKit, formatPath, type RandomStream } from '@temper/core';
import { applySetting, parseSetting } from '../../../config/set.js';
import { standardPlugins } from '../../../standard.js';
import { changedBytes } from '../change-bytes.js';
import { jsonText, oddJson, oneOf } from '../odd-values.js';
import type { Target } from '../target.js';
import { validRuns } from '../valid-runs.js';

/** `--set path=value`: paths into a valid config and values, both changed. */
export const settings: Target = {
  name: 'set',
  what: 'settings of the command line',
  start() {
    const kit = createKit({ plugins: standardPlugins });
    return Promise.resolve({
      attempt(random) {
        const config = oneOf(validRuns, random);
        const texts = Array.from({ length: 1 + random.integer(3) }, () => settingFor(config, random));
        return { given: texts, run: () => kit.parse(texts.map(parseSetting).reduce(applySetting, config)) };
      },
    });
  },
};

function settingFor(config: unknown, random: RandomStream): string {
  const path: PropertyKey[] = [];
  let place = config;
  while (typeof place === 'object' && place !== null && (path.length === 0 || random.integer(4) > 0)) {
    const key = oneOf(Object.keys(place), random);
    path.push(Array.isArray(place) ? Number(key) : key);
    place = (place as Record<string, unknown>)[key];
  }
  const value = random.integer(3) === 0 ? place : oddJson(random);
  const text = `${formatPath(path)}=${typeof value === 'string' ? value : jsonText(value)}`;
  return random.integer(3) === 0 ? text : Buffer.from(changedBytes(Buffer.from(text), random)).toString();
}
