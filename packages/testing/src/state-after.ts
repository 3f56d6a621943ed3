import type { Json, Metrics, Progress, ReactiveState } from '@temper/core';
import { demand, stateFits } from './laws.js';

/** Returns the state of a strategy after these observations, each of which must be pure; null for a strategy without a state. */
export function stateAfter({ state }: { readonly state?: ReactiveState }, observations: readonly Metrics[], at?: Progress): Json {
  if (state === undefined) return null;
  const checked = (value: Json): Json => {
    stateFits(state, value);
    return value;
  };
  return observations.reduce<Json>((before, seen) => {
    const text = JSON.stringify(before);
    const next = checked(state.observe(before, seen, at));
    demand(JSON.stringify(before) === text, 'observe must not change the state it is given');
    demand(
      JSON.stringify(state.observe(before, seen, at)) === JSON.stringify(next),
      'observe must give the same state for the same observation',
    );
    return next;
  }, checked(state.initial));
}
