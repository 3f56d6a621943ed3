import type { ServiceIdentifier } from 'inversify';
import type { DataSplits, Files, Preparation } from '../contracts/data.js';
import type { Engine } from '../contracts/engine.js';
import type { Clock, Reporter, RunStore } from '../contracts/events.js';
import type { LogitsStore } from '../contracts/logits-store.js';
import type { Loss } from '../contracts/loss.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import type { Optimizer } from '../contracts/optimizer.js';
import type { TemperatureSchedule } from '../contracts/schedule.js';
import type { StageContext } from '../contracts/stage.js';
import type { LossWeighting } from '../contracts/weighting.js';
import type { Random } from '../random.js';
import type { RunConfig } from './run-config.js';

/**
 * Creates a typed name for a service; the same text gives the same token, so two copies of a package agree.
 * @example const Tokenizer = token<{ encode(text: string): number[] }>('my.Tokenizer');
 */
export const token = <T>(name: string): ServiceIdentifier<T> => Symbol.for(name);

/** Loads a saved network, for `teacher: { from: … }`. */
export interface NetworkLoader {
  /** Loads the network saved at this path as it was trained: on prepared inputs. */
  load(path: string): Promise<NetworkLike>;
  /** Returns the preparation that this network expects of its inputs; undefined if it is not known. */
  preparationOf?(path: string): Promise<Preparation | undefined>;
}

/** Everything that a run resolves from its container; each may be rebound. */
export const Tokens = {
  /** The validated config with defaults filled in. */
  Config: token<RunConfig>('temper.Config'),
  Data: token<DataSplits>('temper.Data'),
  Teacher: token<Network>('temper.Teacher'),
  Student: token<Network>('temper.Student'),
  TemperatureSchedule: token<TemperatureSchedule>('temper.TemperatureSchedule'),
  LossWeighting: token<LossWeighting>('temper.LossWeighting'),
  Losses: token<Readonly<Record<string, Loss>>>('temper.Losses'),
  Optimizer: token<Optimizer>('temper.Optimizer'),
  Engine: token<Engine>('temper.Engine'),
  RunStore: token<RunStore>('temper.RunStore'),
  /** Keeps the logits of teachers for other runs; none is bound by default. */
  LogitsStore: token<LogitsStore>('temper.LogitsStore'),
  /** May be bound any number of times. */
  Reporter: token<Reporter>('temper.Reporter'),
  Random: token<Random>('temper.Random'),
  Clock: token<Clock>('temper.Clock'),
  Files: token<Files>('temper.Files'),
  NetworkLoader: token<NetworkLoader>('temper.NetworkLoader'),
  /** The stage that a strategy is created for. */
  Stage: token<StageContext>('temper.Stage'),
  /** The options of the class plug-in that is being created. */
  Options: token<unknown>('temper.Options'),
} as const;
