import {
  TemperError,
  tf,
  scheduleWithin,
  type LayerPair,
  type Loss,
  type LossInputs,
  type LossNetworks,
  type Schedule,
  type Variables,
} from '@temper/core';
import { checkLayers, type Fit, type Place } from './check-layers.js';
import { createLoss } from './create-loss.js';
import { checkWeights, isNamed, layerMapOf, type LayerMap, type LayerOptions } from './layer-options.js';
import { matchLayers, type Names } from './match-layers.js';
import { project, projections, type Learned } from './projection.js';
import { scheduledValue, withSchedules } from './scheduled.js';
import { tapped } from './taps.js';
import type { Sides } from './temperature.js';

/** The parts in which losses on layers differ. */
export interface LayerFormula {
  /** The type of the loss, which names the stream of its random numbers. */
  readonly type: string;
  /** Value of a pair of layers, `[samples, …, width]` each: one for each sample, or one for the batch. */
  readonly value: (layers: Sides, x: LossInputs, pair: number) => tf.Tensor;
  /** The sizes of a pair that must agree. */
  readonly fit: Fit;
  /** True where the student's layer is mapped to the width of the teacher's. */
  readonly projects?: boolean;
  /** What is learned for each pair besides. */
  readonly learned?: Learned;
  /** The layers where the options name none. */
  readonly usual?: LayerMap;
  /** Schedules of the loss besides the weights of its pairs. */
  readonly schedules?: Readonly<Record<string, Schedule>>;
  /** The largest number of samples that it can compare, if layers have this width. */
  readonly mostSamples?: (width: number) => number;
  readonly more?: Readonly<Partial<Loss>>;
}

/**
 * Makes a loss on pairs of layers: L = Σ weight · value(student's layer, teacher's layer), where the student's layer is mapped by a learned
 * linear map where the widths must agree and do not.
 */
export function layerLoss(options: LayerOptions, formula: LayerFormula): Loss {
  const map = layerMapOf(options, formula.usual);
  const weights = options.weights?.map((weight, i) => scheduleWithin(weight, { path: `weights[${i}]`, min: 0 }));
  if (isNamed(map)) checkWeights(weights, map);
  const forNetworks = (networks: LossNetworks): Loss => {
    const pairs = matchLayers(map, networks, formula.fit === 'maps');
    checkWeights(weights, pairs);
    pairs.forEach((names, i) => checkLayers(names, networks, formula.fit, placeOf(options, map, i)));
    return lossOf(pairs, weights, formula, widestOf(pairs, networks));
  };
  return Object.assign(isNamed(map) ? lossOf(map, weights, formula) : lossOf(undefined, weights, formula), { forNetworks });
}

function lossOf(pairs: readonly Names[] | undefined, weights: readonly Schedule[] | undefined, formula: LayerFormula, width = 1): Loss {
  const { type, projects = false, learned = projects ? projections : undefined, more, schedules = {} } = formula;
  const loss = createLoss(
    [],
    (x) => {
      if (pairs === undefined) throw notChosen(type);
      const values = pairs.map((names, i) => {
        const layers = tapped(x, { student: names[0], teacher: names[1] });
        const mapped = projects ? { ...layers, student: project(layers, i, x.variables) } : layers;
        const value = formula.value(mapped, x, i);
        return weights === undefined ? value : tf.mul(value, scheduledValue(x, weightName(i), weights[i] as Schedule));
      });
      return values.reduce((sum, value) => tf.add(sum, value));
    },
    {
      needs: ['teacher'],
      ...(pairs === undefined
        ? {}
        : { taps: { student: unique(pairs, 0), teacher: unique(pairs, 1) }, pairs: pairsOf(pairs, weights, learned) }),
      ...(learned === undefined
        ? {}
        : {
            variables: (context) =>
              Object.assign(
                {},
                ...(pairs ?? []).map(([student, teacher], i) => learned.create(type, { student, teacher }, i, context)),
              ) as Variables,
          }),
      ...(formula.mostSamples === undefined ? {} : { mostSamples: formula.mostSamples(width) }),
      ...more,
    },
  );
  const named = Object.fromEntries((weights ?? []).map((weight, i) => [weightName(i), weight]));
  const all = { ...schedules, ...named };
  return Object.keys(all).length === 0 ? loss : withSchedules(loss, all);
}

/** The largest number of features of a sample, as far as it is known; of `[length, width]` the width, for sequences. */
function widestOf(pairs: readonly Names[], networks: LossNetworks): number {
  const shapes = (['student', 'teacher'] as const).flatMap((side, i) =>
    pairs.map((names) => networks[side]?.find(({ name }) => name === names[i])?.shape ?? []),
  );
  const sizes = shapes.map((shape) => (shape.length === 2 ? shape.slice(1) : shape).reduce<number>((size, one) => size * (one ?? 1), 1));
  return Math.max(1, ...sizes);
}

const weightName = (i: number): string => `weight_${i + 1}`;
const unique = (pairs: readonly Names[], side: 0 | 1): string[] => [...new Set(pairs.map((names) => names[side]))];

const pairsOf = (pairs: readonly Names[], weights: readonly Schedule[] | undefined, learned: Learned | undefined): LayerPair[] =>
  pairs.map(([student, teacher], i) => ({
    student,
    teacher,
    ...(weights === undefined ? {} : { weight: weights[i] as Schedule }),
    ...(learned === undefined ? {} : { variables: learned.names(i) }),
  }));

/** The places of a pair and of its layers in the options. */
function placeOf({ student }: LayerOptions, map: LayerMap, i: number): Place {
  if (student !== undefined) return { pair: [], layers: [['student'], ['teacher']] };
  if (!isNamed(map)) return { pair: ['layers'], layers: [['layers'], ['layers']] };
  return {
    pair: ['layers', i],
    layers: [
      ['layers', i, 0],
      ['layers', i, 1],
    ],
  };
}

const notChosen = (type: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path: 'layers',
    message: `${type} chooses its layers by a rule, and does not know the networks`,
    hint: 'In your own training loop, call loss.forNetworks with the layers of both networks, or name pairs of layers.',
  });
