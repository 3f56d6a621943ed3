import type { Container } from 'inversify';
import type { RunStore } from '../../contracts/events.js';
import { keyedLogits } from '../saving/logits-key.js';
import type { Metric } from '../../contracts/metric.js';
import type { RunOptions } from '../../contracts/run.js';
import type { Builder } from '../../kit/builder.js';
import type { RunConfig } from '../../kit/run-config.js';
import { Tokens } from '../../kit/tokens.js';
import { createControls } from '../loop/controls.js';
import { createEventSink } from '../loop/events.js';
import type { Session } from '../loop/session.js';

/** The parts of a run that its session is made from. */
interface Opened {
  readonly kit: Builder;
  readonly container: Container;
  readonly config: RunConfig;
  readonly options: RunOptions;
  readonly metrics: readonly Metric[];
}

/** Builds the reporters of a run, and collects what all of its parts share. */
export function openSession({ kit, container, config, options, metrics }: Opened, store: RunStore | undefined): Session {
  (config.reporters ?? []).forEach((one, i) =>
    container.bind(Tokens.Reporter).toConstantValue(kit.build('reporter', one, ['reporters', i], container)),
  );
  const reporters = container.isBound(Tokens.Reporter) ? container.getAll(Tokens.Reporter) : [];
  const controls = createControls();
  return {
    random: container.get(Tokens.Random),
    clock: container.get(Tokens.Clock),
    engine: container.get(Tokens.Engine),
    events: createEventSink([...reporters, ...(options.reporters ?? [])], controls.forReporters, store),
    controls,
    metrics,
    deterministic: config.deterministic,
    logits: container.isBound(Tokens.LogitsStore)
      ? keyedLogits(container.get(Tokens.LogitsStore), container.get(Tokens.Engine))
      : undefined,
    signal: options.signal,
  };
}
