import { inject, injectable } from 'inversify';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Progress } from '../progress.js';
import { createRandom, type Random } from '../random.js';
import { definePlugin, defineSchedule, defineWeighting } from './define.js';
import { createKit } from './kit.js';
import { token, Tokens } from './tokens.js';

interface Tide {
  height(step: number): number;
}
const TideToken = token<Tide>('test.Tide');

@injectable()
class Tidal {
  constructor(
    @inject(Tokens.Options) private readonly options: { readonly base: number },
    @inject(TideToken) private readonly tide: Tide,
  ) {}
  readonly scalars = ({ step }: Progress): { value: number } => ({ value: this.options.base + this.tide.height(step) });
}

@injectable()
class Lottery {
  constructor(@inject(Tokens.Random) private readonly random: Random) {}
  readonly scalars = ({ step }: Progress): { soft: number; hard: number } => {
    const soft = this.random.stream('lottery', step).next();
    return { soft, hard: 1 - soft };
  };
}

const tidal = defineSchedule({ type: 'tidal', options: z.object({ base: z.number() }), class: Tidal });
const lottery = defineWeighting({ type: 'lottery', options: z.object({}), class: Lottery });
const ocean = definePlugin({
  name: 'ocean',
  provides: [tidal, lottery],
  services: (container) => void container.bind(TideToken).toConstantValue({ height: (step) => step * 10 }),
});
const at = (step: number): Progress => ({ step, total: 10 });

describe('class plug-ins', () => {
  test('class plug-ins get their options and services through the constructor', () => {
    const built = createKit({ plugins: [ocean] }).temperature({ type: 'tidal', base: 3 });
    expect(typeof built === 'object' && built.scalars(at(2), null)).toEqual({ value: 23 });
  });

  test('each use of a class plug-in has its own options', () => {
    const kit = createKit({ plugins: [ocean] });
    const values = [1, 2]
      .map((base) => kit.temperature({ type: 'tidal', base }))
      .map((built) => typeof built === 'object' && built.scalars(at(0), null));
    expect(values).toEqual([{ value: 1 }, { value: 2 }]);
  });

  test('class plug-ins get a service that the user has bound instead', () => {
    const kit = createKit({ plugins: [ocean] });
    const container = kit.container({});
    container.rebind(TideToken).toConstantValue({ height: () => -1 });
    container.rebind(Tokens.Random).toConstantValue(createRandom(5));
    const built = kit.build('temperature', { type: 'tidal', base: 3 }, [], container);
    expect(typeof built === 'object' && built.scalars(at(2), null)).toEqual({ value: 2 });
    const weighting = kit.build('weighting', { type: 'lottery' }, [], container);
    expect(typeof weighting === 'object' && weighting.scalars(at(2), null)['soft']).toBe(createRandom(5).stream('lottery', 2).next());
  });

  test('a service without a binding is named with a remedy', () => {
    const dry = definePlugin({ name: 'dry', provides: [tidal] });
    expect(() => createKit({ plugins: [dry] }).temperature({ type: 'tidal', base: 3 })).toThrow(
      /class "Tidal" of "tidal" could not be created: [\s\S]*test\.Tide[\s\S]*bind every token that it injects/,
    );
  });

  test('a class without @injectable is refused with a remedy', () => {
    class Bare {
      readonly scalars = () => ({ value: 1 });
    }
    const bare = defineSchedule({ type: 'bare', options: z.object({}), class: Bare });
    const built = createKit({ plugins: [bare] }).temperature({ type: 'bare' });
    expect(typeof built === 'object' && built.scalars(at(0), null)).toEqual({ value: 1 });
  });

  test('a class plug-in cannot be created outside of a kit', () => {
    expect(() => tidal({ base: 1 })).toThrow('schedule "tidal" needs services, which exist only in a kit');
  });
});
