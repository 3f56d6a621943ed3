import { tf } from '#libraries';
import { z } from 'zod';
import type { GradientTransform } from '../contracts/optimizer.js';
import { defineOptimizer } from '../kit/define.js';
import { TemperError } from '../errors.js';
import { scheduleWithin } from '../schedule-range.js';
import { chain, total } from './chain.js';
import { descent } from './descent.js';
import { learningRate, momentum, weightDecay } from './options.js';
import { nameSlots, zeroSlots } from './slots.js';

/**
 * Distillation-oriented trainer: gradient descent with separate momenta for the task loss and the distillation losses. The momentum of the
 * latter is larger, so that the student follows its teacher first.
 *
 * Formula, with μ the momentum, Δ `delta`, λ the weight decay, η the learning rate:
 * v_task ← (μ − Δ)v_task + g_task + λw; v_distil ← (μ + Δ)v_distil + g_distil; w ← w − η(v_task + v_distil).
 * g_task is the sum over the losses named in `task` (default `hard`), g_distil that over all others, both with their
 * weights. With Δ = 0 it is `sgd` with momentum.
 *
 * A parameter that only one side reaches (the map of a hint, or a last layer that no hint looks at) has nothing to keep
 * apart: v ← μv + g + λw, w ← w − ηv with the momentum of that side. One that neither reaches stays as it is.
 *
 * The paper writes no weight decay and knows no such parameters; both rules are those of its authors' code (mdistiller),
 * as is Δ = 0.075. That code leaves out the decay of a parameter that only distillation reaches in its first update alone;
 * here it decays in every one. The penalties of layers (`regularization`) are added where the decay is. Gradients that do not come apart
 * (`apply`) count as the task's.
 *
 * `variables`: `taskMomentum/i` and `distillationMomentum/i` for each parameter. Each loss costs a backward pass.
 * @throws TemperError `config/invalid` for μ ± Δ outside of [0, 1), and where no loss has a name listed in `task`.
 * @see arXiv 2307.08436
 * @example dot({ learningRate: 0.05, momentum: 0.9, delta: 0.075, weightDecay: 5e-4 })
 */
export const dot = defineOptimizer({
  type: 'dot',
  shorthand: 'learningRate',
  options: (ref) =>
    z
      .strictObject({
        learningRate: learningRate(ref),
        momentum: momentum.default(0.9),
        delta: z.number().min(0).lt(1).default(0.075).describe('distance of the two momenta from `momentum`'),
        weightDecay: weightDecay.default(0).describe('rate of the decay, added to the gradient of the task'),
        task: z.array(z.string()).min(1).default(['hard']).describe('names of the losses of the task; all other losses distil'),
      })
      .refine(({ momentum, delta }) => momentum - delta >= 0 && momentum + delta < 1, {
        path: ['delta'],
        message: 'momentum − delta must be at least 0, and momentum + delta below 1',
      }),
  create: ({ learningRate, ...options }) =>
    chain(momentaApart(options), descent(scheduleWithin(learningRate, { path: 'learningRate', min: 0 }))),
});

interface MomentaOptions {
  readonly momentum: number;
  readonly delta: number;
  readonly weightDecay: number;
  readonly task: readonly string[];
}

/** Keeps two momenta for each parameter; the update uses their sum. */
const momentaApart = ({ momentum, delta, weightDecay, task }: MomentaOptions): GradientTransform => ({
  init(parameters) {
    const taskSlots = zeroSlots(parameters);
    const distillationSlots = zeroSlots(parameters);
    return {
      variables: { ...nameSlots('taskMomentum', taskSlots), ...nameSlots('distillationMomentum', distillationSlots) },
      perLoss: true,
      apply({ regularization, ...gradients }, next, { reaches }) {
        const [taskNames, otherNames] = split(Object.keys(gradients), task);
        /** Returns the sum of the gradients of those losses that reach the parameter. */
        const sumOf = (names: readonly string[], index: number): tf.Tensor | undefined => {
          const reaching = names.filter((name) => reaches?.[name]?.[index] !== false);
          return reaching.length === 0 ? undefined : tf.addN(reaching.map((name) => gradients[name]?.[index] as tf.Tensor));
        };
        const decay = tf.scalar(weightDecay);
        const moved = parameters.map((parameter, index) =>
          tf.tidy((): tf.Tensor => {
            const penalty = regularization?.[index];
            const sides = [
              { slot: taskSlots[index] as tf.Variable, gradient: sumOf(taskNames, index), kept: momentum - delta },
              { slot: distillationSlots[index] as tf.Variable, gradient: sumOf(otherNames, index), kept: momentum + delta },
            ].filter(({ gradient }) => gradient !== undefined);
            if (sides.length === 0) return tf.zerosLike(parameter);
            const slots = sides.map(({ slot, gradient, kept }, i) => {
              const pull = i > 0 || penalty === undefined ? (gradient as tf.Tensor) : tf.add(gradient as tf.Tensor, penalty);
              const decayed = weightDecay === 0 || i > 0 ? pull : tf.add(pull, tf.mul(parameter, decay));
              slot.assign(tf.add(tf.mul(slot, sides.length === 1 ? momentum : kept), decayed));
              return slot as tf.Tensor;
            });
            return tf.addN(slots);
          }),
        );
        next({ [total]: moved });
      },
    };
  },
});

/** Returns the names of the task's losses, and the others. A single gradient for all losses counts as the task's. */
function split(names: readonly string[], task: readonly string[]): [task: string[], others: string[]] {
  if (names.length === 1 && names[0] === total) return [[total], []];
  const found = names.filter((name) => task.includes(name));
  if (found.length === 0) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'optimizer.task',
      message: `must name a loss of the run; it names ${task.join(', ')}, and the losses are ${names.join(', ')}`,
    });
  }
  return [found, names.filter((name) => !task.includes(name))];
}
