import { expect, test } from 'vitest';
import type { Json } from '../../json.js';
import { checkRunState, stopsOf } from './check-state.js';
import { startOfFit } from '../loop/fit-state.js';

const state = (changes: object = {}, outer: object = {}): Json =>
  JSON.parse(JSON.stringify({ network: 'student', engine: 'eager', records: 3, fit: { ...startOfFit(), ...changes }, ...outer })) as Json;
const protoNamed = JSON.parse('{"__proto__":null,"loss":{"sum":1,"count":2}}') as Json;

function nested(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

const length = { perEpoch: 4, steps: 12, epochs: 3, before: 0, total: 12 };
const check = (given: Json): void => checkRunState(given, (name) => (name === 'student' ? [{ length }] : undefined));

test('a state written by a run is accepted', () => {
  check(state());
  check(
    state({
      epoch: 2,
      update: 3,
      updates: 11,
      epochs: 2,
      last: { epoch: 1, step: 4, validation: { accuracy: 0.5 } },
      seen: { loss: { sum: 1, count: 2 } },
      stop: { early: { best: 1, stale: 0 }, until: null },
    }),
  );
  check(state({}, { network: 'unknown to this run', anything: 'more' }));
  check(state({ averaged: undefined }));
});

test.each([
  ['stage 99', state({ stage: 99 }), 'it is in stage 100 of "student", which has 1'],
  ['an update beyond the epoch', state({ update: 4, updates: 4 }), 'it is before update 5 of an epoch of "student", which has 4'],
  ['a fractional update', state({ update: 1.5 }), 'fit.update'],
  ['a negative epoch', state({ epoch: -1 }), 'fit.epoch'],
  ['a text for a number', state({ updates: '7' }), 'fit.updates'],
  ['a count that is too small', state({ update: 3, updates: 1 }), 'it counts 1 updates in all'],
  ['null strategies', state({ strategies: null }), 'fit.strategies'],
  ['sums without a count', state({ seen: { loss: { sum: 1, count: 0 } } }), 'fit.seen.loss.count'],
  ['a sum of NaN', state({ seen: { loss: { sum: NaN, count: 1 } } }), 'fit.seen.loss.sum'],
  ['a sum named __proto__', state({ seen: protoNamed }), '__proto__'],
  ['a list in its place', [], 'its state is not that of a run'],
  ['null in its place', null, 'its state is not that of a run'],
  ['data that are not a fingerprint', state({}, { data: { 'data.train': null } }), 'data.data.train'],
  [
    'data of another size than a count',
    state({}, { data: { 'data.test': { size: '6', inputShape: [4], classes: 3 } } }),
    'data.data.test.size',
  ],
  ['records that are not a count', state({}, { records: -1 }), 'records'],
])('a state with %s is refused', (_what, given, message) => {
  expect(() => check(given)).toThrow(message);
});

const stop = { network: 'teacher', stage: 'teacher', rule: 'earlyStopping', reason: 'enough', step: 4, schedules: [], skipped: [] };

test.each([
  [null, []],
  [{}, []],
  [{ stops: [stop] }, [stop]],
  [{ stops: 4 }, undefined],
  [{ stops: [null] }, undefined],
  [{ stops: [{ ...stop, step: 'four' }] }, undefined],
  [[], undefined],
  [4, undefined],
])('the stops of a training are read from %j', (given, stops) => {
  expect(stopsOf(given)).toEqual(stops);
});

// Not in a table: vitest copies the values of tables, which exhausts the stack.
test('states that nest too deep are refused', () => {
  const given: object = { fit: { ...startOfFit(), strategies: { temperature: nested(5000), weighting: null } } };
  expect(() => check({ ...(state() as object), ...given })).toThrow('more than 100 levels');
  expect(stopsOf({ stops: [{ ...stop, schedules: [nested(5000)] }] })).toBeUndefined();
});
