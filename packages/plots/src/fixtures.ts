import { type Series } from './index.js';

export const points = (value: (step: number) => number, steps = 100) =>
  Array.from({ length: steps }, (_, step) => [step, value(step)] as const);
export const temperature: Series = { name: 'temperature', points: points((step) => 20 - (19 * step) / 99) };
export const means: Series = {
  name: 'temperature.epoch mean',
  points: [
    [24.5, 15.3],
    [74.5, 5.7],
  ],
  marks: true,
};
export const weights: Series[] = [
  { name: 'weighting.soft', points: points((step) => step / 99) },
  { name: 'weighting.hard', points: points((step) => 1 - step / 99) },
];
