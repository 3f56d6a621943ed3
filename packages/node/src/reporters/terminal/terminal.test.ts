import '@tensorflow/tfjs-node';
import { createKit, type Reporter } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { expect, test } from 'vitest';
import { blobs } from '../../../../../fixtures/blobs.js';
import { failureOf } from '../../testing/failure.js';
import { fakeScreen } from '../../testing/fake-screen.js';
import { reporters } from '../plugin.js';
import { createDisplay } from './create-display.js';
import { terminal, TerminalReporter, terminalReporter } from './terminal.js';

const config = {
  name: 'a',
  epochs: 2,
  student: { model: { type: 'mlp', hidden: [2] } },
  losses: { hard: { type: 'cross-entropy' } },
  weighting: { hard: 1 },
  temperature: 1,
  reporters: [{ type: 'terminal' }],
} as const;
const kit = createKit({ plugins: [losses, models, reporters] });

/** A run that is shown by this reporter where the config says `terminal`. */
const shownBy = (reporter: Reporter, more: readonly Reporter[] = []) =>
  kit.run(config, {
    data: blobs(),
    reporters: more,
    services: (container) => void container.rebind(TerminalReporter).toConstantValue(reporter),
  });

test('the terminal reporter prints lines when the output is not a terminal', async () => {
  const screen = fakeScreen();
  (await shownBy(terminalReporter(() => screen))).student.dispose();
  const lines = screen.stderr.trimEnd().split('\n');
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^run "a": \d+ updates$/),
    expect.stringMatching(/^stage "student": 2 epochs, \d+ updates$/),
  ]);
  expect(lines[2]).toMatch(/^ {2}epoch 1, update \d+\/\d+, validation accuracy /);
  expect(screen.stderr).not.toContain('\x1b[');
});

test('the terminal reporter does not duplicate the display of the command', async () => {
  const [screen, alone] = [fakeScreen(), fakeScreen()];
  const display = await createDisplay(screen);
  (await shownBy(display, [display])).student.dispose();
  (await shownBy(terminalReporter(() => alone))).student.dispose();
  const told = (text: string): string[] => text.split('\n').map((line) => line.replace(/loss \S+/, ''));
  expect(told(screen.stderr)).toEqual(told(alone.stderr));
});

test('bars are removed at the end of a run, also of a failed one', async () => {
  for (const fails of [false, true]) {
    const screen = fakeScreen({ draws: true });
    const stopper: Reporter = { name: 'stopper', report: ({ type }, { stop }) => void (fails && type === 'steps' && stop('enough')) };
    await expectNoLeakedTensors(async () => {
      const run = shownBy(
        terminalReporter(() => screen),
        [stopper],
      );
      if (fails) expect(await failureOf(run)).toMatchObject({ code: 'run/stopped' });
      else (await run).student.dispose();
    });
    const drawn = screen.stderr.lastIndexOf('█');
    expect(drawn).toBeGreaterThan(0);
    // A line that is cleared, and nothing drawn after it.
    expect(screen.stderr.lastIndexOf('\x1b[0K')).toBeGreaterThan(drawn);
    expect(screen.stderr).not.toContain('\x1b[?25l');
  }
});

test('the terminal reporter without its plug-in names the missing plug-in', async () => {
  const bare = createKit({ plugins: [losses, models, terminal] });
  expect(await failureOf(bare.run(config, { data: blobs() }))).toMatchObject({
    code: 'plugin/missing-requirement',
    message: expect.stringContaining('temper.TerminalReporter'),
  });
});
