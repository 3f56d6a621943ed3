import { createReport } from '@temper/core';
import type { Report, ReportedRun } from './report/report.js';
import { collectCurves } from './report/curves.js';

/** Returns records of a run in their stored form: a teacher, then a student with a falling temperature. */
export function recordsOf({ steps = 40, shift = 0 } = {}): string[] {
  const update = (stage: string, step: number, scalars: object): string =>
    JSON.stringify({
      type: 'steps',
      stage,
      epoch: 1,
      step,
      totalSteps: steps,
      loss: 2 - step / steps,
      losses: { soft: 1 + shift },
      scalars,
    });
  const evaluation = (stage: string, step: number): string =>
    JSON.stringify({
      type: 'evaluation',
      stage,
      epoch: 1,
      step,
      split: 'validation',
      metrics: { accuracy: 0.88 + shift + (0.08 * step) / steps },
    });
  return [
    ...[8, 16].map((step) => update('teacher', step, { learningRate: 0.1 })),
    ...Array.from({ length: steps }, (_, i) => i + 1).flatMap((step) => [
      update('student', step, { 'temperature.value': 20 - (19 * step) / steps, 'weighting.soft': 0.7, learningRate: 0.001 }),
      ...(step % 10 === 0 ? [evaluation('student', step)] : []),
    ]),
  ];
}

/** Returns a run with everything that a report can show. */
export function runOf(name: string, { seed = 1, shift = 0, classes = 3, temperature = 4 } = {}): ReportedRun {
  const curves = collectCurves(['student']);
  for (const line of recordsOf({ shift })) curves.add(line);
  const names = Array.from({ length: classes }, (_, i) => `class ${i}`);
  const report = createReport({ classes: names, bins: 10 });
  for (let label = 0; label < classes; label++) {
    const logits = names.map((_, i) => (i === (label + 1) % classes ? 2 : i === label ? 1.5 : 0));
    report.add(logits, [label]);
  }
  return {
    name,
    location: `runs/${name}`,
    seed,
    config: { name, seed, data: { type: 'digits' }, temperature },
    summary: {
      steps: 40,
      seconds: 2.5,
      chosen: { epoch: 3, by: 'best validation accuracy', validation: { accuracy: 0.95 + shift } },
      test: { accuracy: 0.94 + shift, kl: 0.1 },
      teacherTest: { accuracy: 0.97 },
      parameters: { student: 25_450, teacher: 206_922 },
      warnings: [],
    },
    curves: curves.result(),
    student: {
      classes: names,
      bytes: 102_000,
      msPerSample: 0.0123,
      evaluation: { metrics: { accuracy: 0.94 }, metricFacts: {}, ...report.result() },
    },
    command: `npx temper run runs/${name}/config.json --name ${name}-again`,
  };
}

/** Returns a report of such runs, each in a group of its own. */
export const reportOf = (runs: readonly ReportedRun[], more: Partial<Report> = {}): Report => ({
  title: runs.map(({ name }) => name).join(', '),
  kind: runs.length === 1 ? 'run' : 'runs',
  groups: runs.map((run, i) => ({ name: run.name, isDrawn: i < 12, isJudged: true, runs: [run] })),
  metric: 'accuracy',
  metricFacts: { accuracy: { better: 'max', unit: 'share' }, kl: { better: 'min', unit: 'nats' } },
  command: 'npx temper report first',
  versions: { Temper: '0.1.0' },
  notes: [],
  ...more,
});
