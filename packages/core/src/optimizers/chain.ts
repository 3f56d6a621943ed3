import { tf } from '#libraries';
import type { Gradients, GradientTransform, Optimizer, OptimizerState, Reaches, TransformState } from '../contracts/optimizer.js';

/** The name of the gradients of all losses together. */
export const total = 'total';

/**
 * An optimizer behind transforms: gradients pass through them in the order in which they are written, the optimizer comes last. Its
 * learning rate is that of the chain.
 *
 * `variables`: those of the transforms, then the optimizer's.
 * @example
 * const decayed = chain(clipNorm(1), decoupledWeightDecay(0.01), adam(0.001));
 * const state = decayed.init(parameters);
 * state.apply(gradients, tf.scalar(decayed.learningRate({ step: 0, total: 100 })));
 */
export function chain(...links: readonly [...GradientTransform[], Optimizer]): Optimizer {
  const transforms = links.slice(0, -1) as readonly GradientTransform[];
  const optimizer = links[links.length - 1] as Optimizer;
  return {
    learningRate: (at) => optimizer.learningRate(at),
    init: (parameters) =>
      behind(
        transforms.map((transform) => transform.init(parameters)),
        optimizer.init(parameters),
      ),
  };
}

/** Combines the state of an optimizer with those of the transforms before it. */
export function behind(transforms: readonly TransformState[], inner: OptimizerState): OptimizerState {
  if (transforms.length === 0) return inner;
  const run = (gradients: Gradients, learningRate: tf.Scalar, reaches?: Reaches): void => {
    const context = { learningRate, ...(reaches === undefined ? {} : { reaches }) };
    const last = (given: Gradients): void => {
      if (inner.applyPerLoss === undefined) inner.apply(summed(given), learningRate);
      else inner.applyPerLoss(given, learningRate, reaches);
    };
    const first = transforms.reduceRight<(given: Gradients) => void>(
      (next, transform) => (given) => transform.apply(given, next, context),
      last,
    );
    tf.tidy(() => first(gradients));
  };
  const perLoss = inner.applyPerLoss !== undefined || transforms.some((transform) => transform.perLoss === true);
  return {
    variables: named([...transforms, inner]),
    apply: (gradients, learningRate) => run({ [total]: gradients }, learningRate),
    ...(perLoss ? { applyPerLoss: run } : {}),
  };
}

/** Returns the gradients of all losses together. */
export function summed(gradients: Gradients): readonly tf.Tensor[] {
  const [first = [], ...others] = Object.values(gradients);
  return others.length === 0 ? first : first.map((gradient, i) => tf.addN([gradient, ...others.map((other) => other[i] as tf.Tensor)]));
}

/** Returns the variables of all links; a name that is already in use gets the number of its link. */
function named(links: readonly { readonly variables: Readonly<Record<string, tf.Variable>> }[]): Record<string, tf.Variable> {
  const all: Record<string, tf.Variable> = {};
  for (const [i, { variables }] of links.entries()) {
    for (const [name, variable] of Object.entries(variables)) all[name in all ? `${i}/${name}` : name] = variable;
  }
  return all;
}
