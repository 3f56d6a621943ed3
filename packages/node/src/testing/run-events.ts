import type { RunEvent } from '@temper/core';

/** The events of a run of two stages, `epochs` epochs each, ten updates an epoch. */
export function runEvents(epochs: number): RunEvent[] {
  const totalSteps = 2 * epochs * 10;
  const epoch = (stage: string, number: number): RunEvent[] => [
    {
      type: 'steps',
      stage,
      epoch: number,
      step: number * 10,
      totalSteps,
      stepsPerSecond: 100,
      loss: 2 / number,
      losses: { soft: 1 / number, hard: 1 / number },
      scalars: { 'temperature.value': 20 / number, 'weighting.soft': 0.7, 'weighting.hard': 0.3, learningRate: 0.001 },
    },
    {
      type: 'evaluation',
      stage,
      epoch: number,
      step: number * 10,
      split: 'validation',
      metrics: { accuracy: 1 - 1 / (number + 1) },
      best: number % 2 === 1,
    },
  ];
  return [
    { type: 'run-start', name: 'first', totalSteps, config: {}, metricFacts: { accuracy: { better: 'max', unit: 'share' } } },
    { type: 'phase', phase: 'teacher logits', total: 500 },
    { type: 'phase-progress', phase: 'teacher logits', done: 250, total: 500 },
    { type: 'phase-progress', phase: 'teacher logits', done: 500, total: 500 },
    ...['broad', 'focus'].flatMap((stage, index): RunEvent[] => [
      { type: 'stage-start', stage, index, steps: epochs * 10, epochs },
      ...Array.from({ length: epochs }, (_, i) => epoch(stage, index * epochs + i + 1)).flat(),
      { type: 'stage-end', stage, index },
    ]),
    { type: 'warning', message: 'something is odd' },
    { type: 'run-end', name: 'first', summary: {} },
  ];
}
