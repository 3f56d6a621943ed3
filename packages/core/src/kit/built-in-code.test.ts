import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Schedule } from '../contracts/schedule.js';
import { definePlugin, defineSchedule } from './define.js';
import { chain, gauge, zero } from './fixtures.js';
import { createKit } from './kit.js';

let made = 0;
const counted = defineSchedule({
  type: 'counted',
  options: z.object({ value: z.number().default(2) }),
  create: ({ value }): Schedule => {
    made++;
    return () => value;
  },
});
const kit = createKit({ plugins: [definePlugin({ name: 'basics', provides: [counted, chain, gauge, zero] })] });
const at = { step: 0, total: 10 };

describe('a strategy built in code', () => {
  test('a strategy built in code is used unchanged, and its config is saved', () => {
    const temperature = counted({ value: 5 });
    const config = kit.parse({ temperature });
    expect(config.temperature).toEqual({ type: 'counted', value: 5 });
    expect(JSON.parse(JSON.stringify(config))).toMatchObject({ temperature: { type: 'counted', value: 5 } });
    made = 0;
    expect(kit.build('temperature', config.temperature)).toBe(temperature);
    expect(kit.temperature(temperature)).toBe(temperature);
    expect(made).toBe(0);
  });

  test('a strategy built in code is used unchanged inside of other configs', () => {
    const part = counted({ value: 5 });
    const { stages } = kit.parse({ stages: [{ epochs: 1, temperature: { type: 'chain', of: [part, 1] } }] });
    made = 0;
    expect((kit.build('temperature', stages?.[0]?.temperature) as Schedule)(at)).toBe(6);
    expect(made).toBe(0);
  });

  test('a strategy built in code is made again from the saved config', () => {
    const config = kit.parse({ temperature: counted() });
    made = 0;
    const again = kit.build('temperature', JSON.parse(JSON.stringify(config.temperature))) as Schedule;
    expect([again(at), made]).toEqual([2, 1]);
  });

  test('a strategy built in code is refused in a wrong slot and by another kit', () => {
    expect(() => kit.temperature(zero() as never)).toThrow('unknown temperature "zero"');
    expect(() => kit.schedule(gauge() as never)).toThrow('unknown schedule "gauge"');
    expect(() => createKit({ plugins: [chain] }).temperature(counted() as never)).toThrow('unknown temperature "counted"');
  });
});

describe('a checked run', () => {
  test('a checked run is not checked again', () => {
    const checked = kit.parse({ temperature: 3, epochs: 2 });
    expect(kit.parse(checked)).toBe(checked);
    expect(kit.parse({ ...checked })).toEqual(checked);
  });

  test('a checked run is frozen at the top level', () => {
    const checked = kit.parse({ epochs: 2 });
    expect(() => Object.assign(checked, { epochs: -1 })).toThrow(TypeError);
  });
});
