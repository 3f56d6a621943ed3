import { defaultEpochs, type RunConfig, type StageConfig } from '@temper/core';

/** Returns the config with a share of its length: of its epochs, or of each of its stages; at least one epoch or update each. */
export function shortened(config: RunConfig, share: number): RunConfig {
  const { stages, epochs = defaultEpochs } = config;
  return stages === undefined
    ? { ...config, epochs: part(epochs, share) }
    : { ...config, stages: stages.map((stage) => shorterStage(stage, share)) };
}

/** Returns the share of the length that `shortened` actually keeps: the mean over all stages. */
export function realShare({ stages, epochs = defaultEpochs }: RunConfig, share: number): number {
  const lengths = stages === undefined ? [epochs] : lengthsOf(stages);
  return lengths.reduce((sum, length) => sum + part(length, share) / length, 0) / lengths.length;
}

function shorterStage(stage: StageConfig, share: number): StageConfig {
  const { epochs, steps, stages } = stage;
  return {
    ...stage,
    ...(epochs === undefined ? {} : { epochs: part(epochs, share) }),
    ...(steps === undefined ? {} : { steps: part(steps, share) }),
    ...(stages === undefined ? {} : { stages: stages.map((one) => shorterStage(one, share)) }),
  };
}

const lengthsOf = (stages: readonly StageConfig[]): number[] =>
  stages.flatMap(({ epochs, steps, stages: inner }) => (inner === undefined ? [epochs ?? steps ?? 1] : lengthsOf(inner)));

const part = (length: number, share: number): number => Math.max(1, Math.round(length * share));
