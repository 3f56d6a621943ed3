import { type Loss, type LossNetworks, type tf } from '@temper/core';
import { withInputs } from './with-inputs.js';
import { withoutGradient } from './without-gradient.js';

type Change = (logits: tf.Tensor) => tf.Tensor;
const unchanged: Change = (logits) => logits;

/** Applies a loss to changed logits and keeps its other properties; the teacher's logits are a constant. */
export function mapLogits(loss: Loss, changes: { readonly student?: Change; readonly teacher: Change }): Loss {
  const { student = unchanged, teacher } = changes;
  const { forNetworks } = loss;
  const mapped = withInputs(loss, ({ student: ofStudent, teacher: ofTeacher, ...x }) => ({
    ...x,
    student: student(ofStudent),
    ...(ofTeacher === undefined ? {} : { teacher: withoutGradient(() => teacher(ofTeacher)) }),
  }));
  return Object.assign(
    mapped,
    forNetworks === undefined ? {} : { forNetworks: (networks: LossNetworks) => mapLogits(forNetworks(networks), changes) },
  );
}
