import type { PreparedStep } from '../../contracts/engine.js';
import type { Network } from '../../contracts/network.js';
import type { Progress } from '../../progress.js';
import type { Samples } from '../step/parts.js';
import type { Session } from './session.js';
import { progressAt } from '../plan/length.js';
import type { Stage } from './stage.js';
import { gradientSums } from '../step/accumulation.js';
import { graphKeysAt } from '../step/scalars.js';
import { streamsOf, trainingStep, type TrainingStep } from '../step/training-step.js';
import { initialTemperature } from '../step/strategies.js';
import * as tf from '@tensorflow/tfjs-core';

export type Role = 'whole' | 'part' | 'last';

/** The active steps. They are prepared again, and the old ones released, only when a strategy's graph part changes. */
export interface StepCache {
  at(at: Progress, role: Role, teacher: Network | undefined): { readonly step: TrainingStep; readonly prepared: PreparedStep };
  /** Returns whether an update needs other steps than the active ones. */
  changesAt(at: Progress): boolean;
  dispose(): void;
}

export function createStepCache(stage: Stage, samples: Samples | undefined, session: Session): StepCache {
  const { temperature, weighting, losses } = stage.services;
  const initial = initialTemperature(temperature, progressAt(stage.length, 0));
  const streams = streamsOf({ optimizer: stage.optimizerState, losses, penalties: stage.penalties });
  const sums = stage.plan.accumulate > 1 ? gradientSums(streams, stage.variables) : {};
  const warn = (message: string): void => void session.events.warn(message);
  const prepared = new Map<Role, { step: TrainingStep; prepared: PreparedStep }>();
  let key: string | undefined;
  const release = (): void => {
    prepared.forEach((one) => one.prepared.dispose());
    prepared.clear();
  };
  return {
    at(at, role, teacher) {
      const graphKeys = graphKeysAt(stage.services, at);
      const wanted = JSON.stringify(graphKeys);
      if (wanted !== key) release();
      key = wanted;
      const known = prepared.get(role);
      if (known !== undefined) return known;
      const step = trainingStep(
        {
          name: stage.plan.name,
          student: stage.student,
          ...(teacher === undefined ? {} : { teacher }),
          losses,
          still: stage.still,
          penalties: stage.penalties,
          temperature,
          weighting,
          learned: stage.learned,
          variables: stage.variables,
          optimizer: stage.optimizerState,
          graphKeys,
          sums,
          ...(samples === undefined ? {} : { samples }),
          ...(initial === undefined ? {} : { initialTemperature: initial }),
          ...(stage.clipNorm === undefined ? {} : { clipNorm: stage.clipNorm }),
          ...(stage.average === undefined ? {} : { average: stage.average }),
        },
        role,
      );
      const made = { step, prepared: session.engine.prepare({ ...step.definition, warn }, { deterministic: session.deterministic }) };
      prepared.set(role, made);
      return made;
    },
    changesAt: (at) => key !== undefined && key !== JSON.stringify(graphKeysAt(stage.services, at)),
    dispose() {
      release();
      tf.dispose(sums);
    },
  };
}
