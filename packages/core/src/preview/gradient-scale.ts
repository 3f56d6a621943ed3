import type { Json } from '../json.js';
import type { Kit } from '../kit/kit.js';
import type { StagePlan } from '../kit/stage-plan.js';
import type { Progress } from '../progress.js';
import { asTemperature } from '../train/step/strategies.js';

/** Returns the gradient scale of each soft loss at an update, from the stage's temperature (where it is a number) and the weights. */
export type GradientScale = (
  at: Progress,
  temperature: number | undefined,
  weights: Readonly<Record<string, number>>,
) => Record<string, number>;

/** Options of a loss that softens logits, in their normal form. */
interface SoftLoss {
  readonly scale: 'temperature-squared' | 'none' | 'initial';
  /** A temperature of its own instead of the stage's. */
  readonly temperature?: Json;
}

/**
 * Returns functions for the gradient scales of a stage. Softening divides the gradient on the student's logits by T, so that with weight
 * w and scale s(T) the gradient of a soft loss is proportional to w·s(T)/T. Temperatures that depend on the batch are left out.
 */
export function gradientScales(kit: Pick<Kit, 'build'>, { losses, paths }: StagePlan): () => GradientScale {
  const terms = Object.entries(losses).flatMap(([name, config]) => {
    if (!isSoft(config)) return [];
    const { scale, temperature } = config;
    const own =
      temperature === undefined ? undefined : asTemperature(kit.build('temperature', temperature, [...paths.losses, name, 'temperature']));
    return [{ name, scale, own }];
  });
  return () => {
    const initial = new Map<string, number>();
    return (at, shared, weights) =>
      Object.fromEntries(
        terms.flatMap(({ name, scale, own }) => {
          const value =
            own === undefined ? shared : own.temperature === undefined ? own.scalars(at, own.state?.initial ?? null)['value'] : undefined;
          const weight = weights[name];
          if (value === undefined || weight === undefined) return [];
          if (!initial.has(name)) initial.set(name, value);
          const factor = { 'temperature-squared': value ** 2, none: 1, initial: (initial.get(name) ?? value) ** 2 }[scale];
          return [[name, (weight * factor) / value]];
        }),
      );
  };
}

const isSoft = (config: Json): config is Json & SoftLoss => typeof config === 'object' && config !== null && 'scale' in config;
