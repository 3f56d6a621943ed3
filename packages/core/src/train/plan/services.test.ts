import * as tf from '@tensorflow/tfjs-node';
import { inject, injectable } from 'inversify';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { StageContext } from '../../contracts/stage.js';
import { defineSchedule } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { token, Tokens } from '../../kit/tokens.js';
import type { Progress } from '../../progress.js';
import type { Random } from '../../random.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';

const Offset = token<number>('test.Offset');

/** Asks for the stage, the random numbers and a service of its own. */
@injectable()
class Wandering {
  constructor(
    @inject(Tokens.Options) private readonly options: { readonly base: number },
    @inject(Tokens.Stage) private readonly stage: StageContext,
    @inject(Tokens.Random) private readonly random: Random,
    @inject(Offset) private readonly offset: number,
  ) {}

  readonly scalars = ({ step }: Progress): { readonly value: number } => {
    const { name, index, length } = this.stage;
    const drift = this.random.stream(`wandering ${name}`, Math.floor(step / length.perEpoch)).next();
    return { value: this.options.base + this.offset + 100 * index + drift };
  };
}
const wandering = defineSchedule({ type: 'wandering', options: z.object({ base: z.number() }), class: Wandering });

const kit = createKit({ plugins: [basics, wandering] });
const stages = [
  { name: 'one', epochs: 1, temperature: { type: 'wandering', base: 2 } },
  { name: 'two', epochs: 1, temperature: 5 },
  { name: 'three', epochs: 1, temperature: { type: 'wandering', base: 2 } },
];
const config = { ...basicRun, epochs: undefined, stages };

async function temperatures(
  options: NonNullable<Parameters<typeof kit.run>[1]>,
  given: object = config,
): Promise<Record<string, number[]>> {
  const seen = recorder();
  const result = await kit.run(given as never, {
    data: blobs(),
    reporters: [seen],
    services: (container) => void container.bind(Offset).toConstantValue(10),
    ...options,
  });
  tf.dispose([result.student.parameters as never, result.teacher?.parameters as never]);
  const found: Record<string, number[]> = {};
  for (const { stage, scalars } of seen.of('steps')) (found[stage] ??= []).push(scalars['temperature.value'] as number);
  return found;
}
const only = (values: readonly number[] | undefined): number => {
  expect(new Set(values).size).toBe(1);
  return values?.[0] as number;
};

describe('class plug-ins with the stage, random numbers and a service', () => {
  test('a class plug-in is created for each stage with the same values in every run', async () => {
    const found = await temperatures({});
    expect(Math.floor(only(found['one']))).toBe(12);
    expect(only(found['two'])).toBe(5);
    expect(Math.floor(only(found['three']))).toBe(212);
    expect(await temperatures({})).toEqual(found);
  });

  test('a class plug-in that needs a stage is refused outside of a run with a remedy', () => {
    const container = kit.container(config as never);
    container.bind(Offset).toConstantValue(0);
    expect(() => kit.build('temperature', { type: 'wandering', base: 1 }, ['temperature'], container)).toThrow(
      /temperature: class "Wandering" of "wandering" could not be created.*\n {2}Tokens.Stage is bound only while a run/,
    );
  });
});

describe('bindings of a stage', () => {
  test('a binding for one stage leaves the other stages unchanged', async () => {
    const names: string[] = [];
    const found = await temperatures({
      stageServices(container, stage) {
        names.push(`${stage.network}/${stage.name}/${stage.length.steps}`);
        if (stage.name === 'two') container.bind(Tokens.TemperatureSchedule).toConstantValue({ scalars: () => ({ value: 7 }) });
      },
    });
    expect(names).toEqual(['teacher/teacher/8', 'student/one/4', 'student/two/4', 'student/three/4']);
    expect(only(found['two'])).toBe(7);
    expect(Math.floor(only(found['one']))).toBe(12);
  });

  test('a binding for one stage overrides those for all, and teachers use their config', async () => {
    const found = await temperatures({
      services(container) {
        container.bind(Offset).toConstantValue(0);
        container.bind(Tokens.TemperatureSchedule).toConstantValue({ scalars: () => ({ value: 3 }) });
      },
      stageServices: (container, { name }) =>
        void (name === 'three' && container.bind(Tokens.TemperatureSchedule).toConstantValue((() => 9) as never)),
    });
    expect(Object.fromEntries(Object.entries(found).map(([stage, values]) => [stage, only(values)]))).toEqual({
      teacher: 1,
      one: 3,
      two: 3,
      three: 9,
    });
  });

  test('options of the call override bindings, and bindings override the config', async () => {
    const bound = blobs({ train: 20 });
    const seen = { given: 0, bound: 0 };
    const teacher = (name: keyof typeof seen) => (inputs: tf.Tensor) => {
      seen[name] += 1;
      return tf.slice(inputs, [0, 0], [-1, 3]);
    };
    const services: NonNullable<Parameters<typeof kit.run>[1]>['services'] = (container) => {
      container.bind(Offset).toConstantValue(0);
      container.bind(Tokens.Data).toConstantValue(bound);
      container.bind(Tokens.Teacher).toConstantValue(teacher('bound') as never);
    };
    const steps = async (options: object): Promise<number> => {
      const { student, steps: made } = await kit.run({ ...basicRun, epochs: 1, temperature: 2 }, { services, ...options });
      student.dispose();
      return made;
    };
    expect(await steps({ data: blobs({ train: 60 }), teacher: teacher('given') })).toBe(4);
    expect(seen.given).toBeGreaterThan(0);
    expect(seen.bound).toBe(0);
    expect(await steps({})).toBe(2);
    expect(seen.bound).toBeGreaterThan(0);
  });

  test('a binding function that throws is named', async () => {
    await expect(
      temperatures({
        stageServices() {
          throw new Error('odd');
        },
      }),
    ).rejects.toThrow('stageServices: the function that binds services fails: odd');
    await expect(temperatures({ stageServices: 3 as never })).rejects.toThrow(
      'stageServices: must be a function that binds services of a stage, got 3',
    );
  });
});
