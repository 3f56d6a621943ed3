import { createKit, parsePath } from '@temper/core';
import { node } from '@temper/node';
import { z } from 'zod';
import { applySetting, parseSetting } from '../../config/set.js';
import { withStandard } from '../../standard.js';
import type { Fragment } from './fragments.js';
import { omitted } from './samples.js';

const kit = createKit({ plugins: withStandard([], [node()]) });

/** A run of which an example may change every part. */
const run = {
  data: { type: 'digits' },
  teacher: { model: { type: 'cnn' }, train: { epochs: 5 } },
  student: { model: { type: 'mlp' } },
  losses: { hard: { type: 'cross-entropy' }, soft: { type: 'kl' } },
  stages: [{ epochs: 1, temperature: { type: 'linear', from: 20, to: 1 } }],
};

/** The schemas of all options in the JSON Schema of a run, by their names: of the run, its stages and teachers, and of strategies. */
const options = (() => {
  const { $defs, ...schema } = kit.jsonSchema();
  const found = new Map<string, z.ZodType[]>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { properties = {} } = value as { readonly properties?: object };
    for (const [name, one] of Object.entries(properties))
      found.set(name, [...(found.get(name) ?? []), z.lazy(() => z.fromJSONSchema({ ...(one as object), $defs } as never))]);
    for (const one of Object.values(value)) visit(one);
  };
  visit({ $defs, ...schema });
  return found;
})();

/** Returns whether a config may have an option of this name. */
export const isOption = (name: string): boolean => options.has(name);

interface Node {
  readonly $ref?: string;
  readonly anyOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
}
const schema = kit.jsonSchema() as unknown as Node & { readonly $defs: Readonly<Record<string, Node>> };

const alternatives = (one: Node): Node[] => {
  const referred = one.$ref === undefined ? [] : [schema.$defs[one.$ref.split('/').at(-1) as string] as Node];
  return [one, ...[...referred, ...(one.anyOf ?? []), ...(one.allOf ?? [])].flatMap(alternatives)];
};

/** Returns whether a config has a place at this path. */
export function isConfigPath(path: string): boolean {
  const end = parsePath(path).reduce<readonly Node[]>(
    (places, part) => {
      const all = places.flatMap(alternatives);
      if (typeof part === 'number') return all.flatMap(({ items }) => items ?? []);
      return all.flatMap(
        ({ properties = {}, additionalProperties: others }) => properties[String(part)] ?? (typeof others === 'object' ? others : []),
      );
    },
    [schema],
  );
  return end.length > 0;
}

/** Returns whether a run or a stage has an option of this name. */
const isOfRun = (name: string): boolean => name in (schema.properties ?? {}) || name in (schema.$defs['stage']?.properties ?? {});

/** Evaluates an example of a value, with samples in place of omitted parts. */
export function valueOf(code: string): unknown {
  const complete = code
    .replace(/(["']?)(\w+)\1: …/g, (_, quote: string, name: string) => `${quote}${name}${quote}: ${JSON.stringify(omitted[name] ?? 0)}`)
    .replace(/\{ … \}|\{…\}/g, '{}')
    .replace(/\[…\]/g, '[]')
    .replace(/, …/g, '');
  return new Function(`return (${complete});`)() as unknown;
}

/** Returns the reason why `check` fails, or undefined. */
export function reasonOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Returns the problem of an option with its value (`optimizerState: 'reset'`); undefined where it is not an option of a config. */
export function checkKeyed(text: string): { readonly problem?: string } | undefined {
  const [, name = '', value = ''] = /^(\w+): (.*)$/s.exec(text) ?? [];
  if (!isOption(name)) return undefined;
  const broken = reasonOf(() => valueOf(value));
  if (broken !== undefined) return { problem: broken };
  const given = valueOf(value);
  const { stages: _, ...whole } = run;
  const tries = [
    () => kit.parse({ ...whole, [name]: given }),
    () => kit.parse({ ...run, stages: [{ epochs: 1, [name]: given }] }),
    ...(isOfRun(name) ? [] : (options.get(name) ?? [])).map((schema) => () => schema.parse(given)),
  ];
  const reasons = tries.map(reasonOf);
  return reasons.includes(undefined) ? {} : { problem: reasons[0] ?? '' };
}

/** Returns the problem of an object: options of a run, or of a strategy, or a strategy. */
export function checkObject(text: string): string | undefined {
  const broken = reasonOf(() => valueOf(text));
  if (broken !== undefined) return broken;
  const given = valueOf(text) as Readonly<Record<string, unknown>>;
  if (!('type' in given) && Object.values(given).every((value) => typeof value === 'number'))
    return reasonOf(() => kit.build('weighting', given)) === undefined ? undefined : checkOptions(given);
  if (!('type' in given)) return checkOptions(given);
  const tried = (['temperature', 'weighting', 'loss', 'optimizer', 'data', 'model', 'recipe', 'reporter'] as const).map((slot) =>
    reasonOf(() => kit.build(slot, given)),
  );
  return tried.includes(undefined) ? undefined : (tried.find((reason) => reason?.includes('unknown') !== true) ?? tried[0]);
}

const checkOptions = (given: object): string | undefined =>
  Object.entries(given)
    .map(([name, value]) => checkKeyed(`${name}: ${JSON.stringify(value)}`) ?? { problem: `no option "${name}"` })
    .find(({ problem }) => problem !== undefined)?.problem;

/** Returns the problem of a value for `--set`: of the path, or of the value. */
export const checkSetting = (setting: string): string | undefined =>
  reasonOf(() => {
    const [path = ''] = setting.split('=');
    const text = /=(?:…|\{…\})$/.test(setting) ? `${path}=${JSON.stringify(omitted[path])}` : setting;
    const { stages: _, ...whole } = run;
    return kit.parse(applySetting(path.startsWith('stages') ? run : whole, parseSetting(text)));
  });

/** Returns the problem of the value of an option in words (`scale 'initial'`); undefined where the word before it is not an option. */
export function checkChoice(text: string): { readonly problem?: string } | undefined {
  const [, name = '', value = ''] = /^(\w+) '([^']+)'$/.exec(text) ?? [];
  return isOption(name) ? checkKeyed(`${name}: '${value}'`) : undefined;
}

/** Returns names after "a weighting, for instance" that do not exist. */
export function checkTypes({ text }: Fragment): string | undefined {
  const [, kind = '', names = ''] = /^([a-z ]+), for instance (.*)$/.exec(text) ?? [];
  const known = kit.definitions.filter((one) => one.kind === (kind === 'data set' ? 'data' : kind)).map(({ type }) => type);
  const wrong = names.split(' or ').filter((name) => !known.includes(name));
  return wrong.length === 0 ? undefined : `no ${kind} is called ${wrong.join(', ')}`;
}

/** Returns the problem of a schedule, or of data, as JSON on the command line. */
export const checkJson = (slot: 'temperature' | 'data', json: string): string | undefined =>
  reasonOf(() => kit.build(slot, JSON.parse(json)));
