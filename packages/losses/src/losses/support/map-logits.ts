import { tf, type Loss, type LossInputs, type LossNetworks } from '@temper/core';
import { withoutGradient } from './without-gradient.js';

type Change = (logits: tf.Tensor) => tf.Tensor;
const unchanged: Change = (logits) => logits;

/** Applies a loss to changed logits and keeps its other properties; the teacher's logits are a constant. */
export function mapLogits(loss: Loss, changes: { readonly student?: Change; readonly teacher: Change }): Loss {
  const { student = unchanged, teacher } = changes;
  const { forNetworks } = loss;
  const mapped = ({ student: ofStudent, teacher: ofTeacher, ...x }: LossInputs): tf.Tensor =>
    tf.tidy(() =>
      loss({
        ...x,
        student: student(ofStudent),
        ...(ofTeacher === undefined ? {} : { teacher: withoutGradient(() => teacher(ofTeacher)) }),
      }),
    );
  return Object.assign(
    mapped,
    loss,
    forNetworks === undefined ? {} : { forNetworks: (networks: LossNetworks) => mapLogits(forNetworks(networks), changes) },
  );
}
