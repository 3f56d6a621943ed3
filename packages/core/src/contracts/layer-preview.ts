/** A pair of layers that a loss of a stage compares. */
export interface LayerPreview {
  /** The network that the stage trains: the student, or an assistant. */
  readonly network: string;
  readonly stage: string;
  readonly loss: string;
  readonly student: PreviewedLayer;
  readonly teacher: PreviewedLayer;
  /** The number of learned values between the two layers, which are no part of the saved student. */
  readonly projector: number;
  /** The weight of the pair over the updates of the stage, `[step, weight]`; a constant weight has one point. */
  readonly weight: readonly (readonly [step: number, weight: number])[];
}

/** A layer of a pair. */
export interface PreviewedLayer {
  readonly name: string;
  /** Shape of its output for one sample. */
  readonly shape: readonly number[];
}
