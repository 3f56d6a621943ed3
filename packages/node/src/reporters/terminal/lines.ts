import { sayStop, type MetricFactsByName, type StepsEvent } from '@temper/core';
import type { Display } from './display.js';
import { counted, evaluationFacts, fitting, startOf, stepFacts, usualColumns } from './format.js';
import type { Screen } from './screen.js';

/** The approximate number of lines for a stage. */
const linesPerStage = 10;

/** Prints plain lines, for log files: phases, stages, some of the evaluations, warnings. */
export function linesDisplay(screen: Screen): Display {
  let facts: MetricFactsByName = {};
  let every = 0;
  let due = 0;
  let steps: StepsEvent | undefined;
  let waiting: string | undefined;
  const tell = (): void => {
    if (waiting !== undefined) screen.err(waiting);
    waiting = undefined;
  };
  return {
    name: 'lines',
    note: (text) => screen.err(text),
    close: () => undefined,
    report(event) {
      switch (event.type) {
        case 'run-start':
          facts = event.metricFacts;
          // A run that continues in the middle of a stage has no event for the start of that stage.
          every = event.totalSteps / linesPerStage;
          return screen.err(startOf(event));
        case 'phase':
          return screen.err(event.phase);
        case 'stage-start':
          every = event.steps / linesPerStage;
          due = 0;
          return screen.err(`stage "${event.stage}": ${counted(event.epochs, 'epoch')}, ${counted(event.steps, 'update')}`);
        case 'steps':
          steps = event;
          return undefined;
        case 'evaluation':
          if (event.split === 'test' || steps === undefined) return undefined;
          waiting = `  ${fitting(
            [`epoch ${event.epoch}`, `update ${event.step}/${steps.totalSteps}`, ...evaluationFacts(event, facts), ...stepFacts(steps)],
            ', ',
            usualColumns - 2,
          )}`;
          if (event.step < due) return undefined;
          due = event.step + every;
          return tell();
        case 'stage-end':
          return tell();
        case 'stop':
          tell();
          return screen.err(sayStop(event).join('\n'));
        case 'warning':
          return screen.err(`warning: ${event.message}`);
        default:
          return undefined;
      }
    },
  };
}
