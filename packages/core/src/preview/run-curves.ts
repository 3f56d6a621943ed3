import type { LossWeighting } from '../contracts/weighting.js';
import type { LengthInSteps, StageContext } from '../contracts/stage.js';
import { checkMetrics } from '../kit/check-metrics.js';
import { stageContainer } from '../kit/container.js';
import type { AnyDefinition } from '../kit/define.js';
import type { Kit } from '../kit/kit.js';
import type { RunConfig, RunInput } from '../kit/run-config.js';
import { stagesOf, type StagePlan } from '../kit/stage-plan.js';
import type { Progress } from '../progress.js';
import { lengthsOf, progressAt, spreadSteps, stageContext } from '../train/plan/length.js';
import { asTemperature, asWeighting } from '../train/step/strategies.js';
import { gradientScales, type GradientScale } from './gradient-scale.js';
import { warningsOf, type PreviewedStage } from './training-warnings.js';
import { teacherTrainings } from './trainings.js';

/** A number over the updates of a run. */
export interface Curve {
  /** `temperature`, or `weighting.soft`: the text before the first dot names the part of the config. */
  readonly name: string;
  /** Update (from 0) and value, in the order of the updates. */
  readonly points: readonly (readonly [step: number, value: number])[];
  /** Single values instead of a line, for instance the means of epochs. */
  readonly marks?: boolean;
}

/** The numbers that change over a run, computed before the run. */
export interface RunPreview {
  readonly totalSteps: number;
  readonly stages: readonly { readonly name: string; readonly firstStep: number; readonly steps: number; readonly stepsPerEpoch: number }[];
  readonly curves: readonly Curve[];
  /** Teachers that are trained before the student, with the updates of their training. */
  readonly teachers: readonly { readonly name: string; readonly totalSteps: number }[];
  /** Problems that training would refuse or warn about. */
  readonly warnings: readonly string[];
}

/** The number of points in each stage and in all, so that a long run is previewed as fast as a short one. */
const most = { perStage: 500, inAll: 20_000 };

/**
 * Temperature, loss weights, size of the soft losses' gradients and learning rate over a run with this many training
 * samples, without data or networks. Adaptive strategies are shown as they begin: by the numbers of their host side,
 * in their first state.
 * @param isKnown Whether the number of samples is that of the data, so that lengths can be compared with it.
 * @throws TemperError for metrics that do not exist, also where they compare with a teacher and the config has none.
 */
export function runCurves(kit: Kit, config: RunConfig, size: number, isKnown: boolean): RunPreview {
  const hasTeacher = config.teacher !== undefined;
  // When the config was read, it was checked as if there were a teacher.
  if (!hasTeacher) checkMetrics(config, kit.build, hasTeacher);
  const plans = stagesOf({ ...config, name: 'student' }, hasTeacher);
  const lengths = lengthsOf(plans.map((plan) => ({ plan, size })));
  const curves = new Map<string, [number, number][]>();
  const strategiesIn = rememberingStrategies(kit, config, 'student');
  const stages = plans.map((plan, index) => {
    const length = lengths[index] as LengthInSteps;
    const strategies = strategiesIn(plan, length);
    const gradients = strategies.gradients();
    for (const step of spreadSteps(length.steps, Math.max(2, Math.min(most.perStage, Math.floor(most.inAll / plans.length))))) {
      numbersAt(strategies, gradients, progressAt(length, step), (name, value) => {
        let points = curves.get(name);
        if (points === undefined) curves.set(name, (points = []));
        points.push([length.before + step, value]);
      });
    }
    return { plan, length, strategies };
  });
  const teachers = previewTeachers(kit, config, size);
  return {
    totalSteps: lengths[0]?.total ?? 0,
    stages: stages.map(({ plan, length }) => ({
      name: plan.name,
      firstStep: length.before,
      steps: length.steps,
      stepsPerEpoch: length.perEpoch,
    })),
    curves: [...curves].map(([name, points]) => ({ name, points })),
    teachers: teachers.map(({ name, stages }) => ({ name, totalSteps: stages[0]?.length.total ?? 0 })),
    warnings: [...teachers, { config, path: [], stages }].flatMap((training) => warningsOf(kit, training, isKnown)),
  };
}

/** Previews the trainings of teachers over the data of the run. */
function previewTeachers(kit: Kit, run: RunConfig, size: number) {
  return teacherTrainings(run).map(({ name, config, path, hasTeacher }) => {
    const plans = stagesOf({ ...config, name }, hasTeacher, path);
    const lengths = lengthsOf(plans.map((plan) => ({ plan, size })));
    const strategiesIn = rememberingStrategies(kit, run, name);
    const stages = plans.map((plan, index): PreviewedStage => {
      const length = lengths[index] as LengthInSteps;
      return { plan, length, strategies: strategiesIn(plan, length) };
    });
    return { name, config, path, stages };
  });
}

/** The strategies of a stage, by the numbers that they give before an update. */
interface Strategies {
  readonly temperature: ReturnType<typeof asTemperature>;
  readonly weighting: LossWeighting;
  readonly learningRate: (at: Progress) => number;
  /** The gradient scales of one stage: a scale may be that of the stage's first update. */
  readonly gradients: () => GradientScale;
}

/** Creates the strategies of a stage; stages with equal configs share strategies, unless a strategy reads its stage. */
function rememberingStrategies(kit: Kit, config: RunConfig, network: string): (plan: StagePlan, length: LengthInSteps) => Strategies {
  const made = new Map<string, unknown>();
  let run: ReturnType<Kit['container']> | undefined;
  return (plan, length) => {
    const remembered = <T>(part: 'temperature' | 'weighting' | 'optimizer' | 'losses', make: (build: Kit['build']) => T): T => {
      const content = `${part} ${JSON.stringify(plan[part])}`;
      if (made.has(content)) return made.get(content) as T;
      let asked = false;
      const stage = (): StageContext => {
        asked = true;
        return stageContext(plan, length, network);
      };
      const open = once(() => stageContainer((run ??= kit.container(config as RunInput<AnyDefinition>)), stage));
      const strategy = make((slot, given, path) => kit.build(slot, given, path, open));
      if (!asked) made.set(content, strategy);
      return strategy;
    };
    const { temperature, weighting, optimizer, paths } = plan;
    return {
      temperature: remembered('temperature', (build) => asTemperature(build('temperature', temperature, paths.temperature))),
      weighting: remembered('weighting', (build) => asWeighting(build('weighting', weighting, paths.weighting))),
      learningRate: remembered('optimizer', (build) => build('optimizer', optimizer, paths.optimizer).learningRate),
      gradients: remembered('losses', (build) => gradientScales({ build }, plan)),
    };
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Passes on every number of an update: `temperature` for a strategy's `value`, else names such as `weighting.soft`. */
function numbersAt(
  { temperature, weighting, learningRate }: Strategies,
  gradients: GradientScale,
  at: Progress,
  take: (name: string, value: number) => void,
): void {
  const takeAll = (part: string, numbers: Readonly<Record<string, number>>): void => {
    for (const name of Object.keys(numbers)) take(name === 'value' ? part : `${part}.${name}`, numbers[name] as number);
  };
  const temperatures = temperature.scalars(at, temperature.state?.initial ?? null);
  const weights = weighting.scalars(at, weighting.state?.initial ?? null);
  const plain = temperature.temperature === undefined ? temperatures['value'] : undefined;
  takeAll('temperature', temperatures);
  takeAll('weighting', weights);
  takeAll('gradient scale', gradients(at, plain, weights));
  take('learningRate', learningRate(at));
}
