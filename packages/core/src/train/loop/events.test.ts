import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Reporter, RunEvent } from '../../contracts/events.js';
import { createControls } from './controls.js';
import { createEventSink } from './events.js';

const stageEnd = (index: number): RunEvent => ({ type: 'stage-end', stage: 'a', index });
const sinkOf = (...reporters: Reporter[]) => createEventSink(reporters, createControls().forReporters);

test('every reporter gets concurrent events one after the other', async () => {
  const told: string[] = [];
  const slow: Reporter = {
    name: 'slow',
    async report(event) {
      if (event.type !== 'stage-end') return;
      told.push(`slow begins ${event.index}`);
      await wait(event.index === 0 ? 20 : 0);
      told.push(`slow ends ${event.index}`);
    },
  };
  const quick: Reporter = { name: 'quick', report: (event) => void (event.type === 'stage-end' && told.push(`quick ${event.index}`)) };
  const { emit } = sinkOf(slow, quick);
  await Promise.all([emit(stageEnd(0)), emit(stageEnd(1))]);
  expect(told).toEqual(['slow begins 0', 'slow ends 0', 'quick 0', 'slow begins 1', 'slow ends 1', 'quick 1']);
});

test('a reporter that fails at an event outside of training is named once', async () => {
  const heard: string[] = [];
  const broken: Reporter = { name: 'broken', report: () => Promise.reject(new Error('no')) };
  const sink = sinkOf(broken, { name: 'log', report: (event) => void heard.push(event.type) });
  await Promise.all([sink.emit(stageEnd(0)), sink.emit(stageEnd(1)), sink.warn('odd'), sink.warn('odd')]);
  expect(sink.warnings).toEqual(['odd', 'reporter "broken" failed and gets no more events: no']);
  expect(heard).toEqual(['warning', 'stage-end', 'stage-end', 'warning']);
});

test('each active reporter is closed once, also one that was given twice', async () => {
  const closed: string[] = [];
  const named = (name: string, fails: boolean): Reporter => ({
    name,
    report: () => (fails ? Promise.reject(new Error('no')) : undefined),
    close: () => void closed.push(name),
  });
  const twice = named('twice', false);
  const sink = sinkOf(twice, named('broken', true), { name: 'without', report: () => undefined }, twice);
  await sink.emit(stageEnd(0));
  await sink.close();
  expect(closed).toEqual(['twice']);
});

test('a reporter that cannot be closed is named', async () => {
  const sink = sinkOf({ name: 'stuck', report: () => undefined, close: () => Promise.reject(new Error('jammed')) });
  await sink.close();
  expect(sink.warnings).toEqual(['reporter "stuck" failed and gets no more events: jammed']);
});
