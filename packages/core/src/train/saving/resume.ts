import type { RunStore } from '../../contracts/events.js';
import type { ResumeOptions } from '../../contracts/run.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { findResumePoint, type ResumePoint } from './resume-point.js';
import { dataChanges, type DataChange, type DataFingerprints } from './fingerprint.js';
import { configChanges, sayChange, withoutEffect, type ConfigChange } from './config-changes.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import type { Session } from '../loop/session.js';

/** The networks that a run trains, and their stages. */
interface Networks {
  readonly networks: { readonly trained: readonly TrainedNetwork[] };
  readonly ready: ReadonlyMap<TrainedNetwork, readonly ReadyStage[]>;
}

/** Opens the store for a new run, or finds the point from which the run of this name continues. */
export async function openStore(
  store: RunStore | undefined,
  config: Json,
  resume: ResumeOptions | undefined,
  { networks: { trained }, ready }: Networks,
  data: DataFingerprints,
  { engine, events }: Session,
): Promise<ResumePoint | undefined> {
  if (resume === undefined || resume === false) {
    await store?.open(config);
    return undefined;
  }
  if (store?.reopen === undefined || store.rewind === undefined) {
    throw new TemperError({
      code: 'plugin/missing-requirement',
      message: 'a run can be resumed only from a run store, and none is bound',
      hint: 'Add the plug-in of package node to plugins.',
    });
  }
  const { config: before, finished, checkpointed = false, warnings = [] } = await store.reopen();
  if (before === undefined && !isForced(resume)) throw configGone(store.location, warnings);
  const changes = before === undefined ? [] : configChanges(unnamed(before), unnamed(config));
  checkChanges(changes, resume, store.location);
  if (finished && changes.length === 0 && before !== undefined) {
    throw new TemperError({
      code: 'run/exists',
      fault: 'user',
      message: `the run in ${store.location} is finished; there is nothing to resume`,
      hint:
        'Its results are in summary.json. To train longer, change the config (more epochs) and allow the change: ' +
        "--allow PATH on the command line, resume: { force: ['PATH'] } in code.",
    });
  }
  const found: string[] = [...warnings];
  if (before === undefined) found.push(`the given config is used as the config of the run in ${store.location}`);
  const point = await findResumePoint(store, trained, engine, (message) => void found.push(message), ready, data, changes.length > 0);
  checkData(dataChanges(point?.data, data), resume, store.location);
  if (point === undefined && before === undefined) throw nothingLeft(store.location);
  if (point === undefined && checkpointed) throw checkpointsGone(store.location);
  const current = trained.find(({ name }) => name === point?.network);
  if (point !== undefined && current !== undefined)
    found.push(...withoutEffect(changes, { path: current.path, stage: point.fit.state.stage }));
  const [kept = 0, counted = 0] = [store.records, point?.records];
  if (kept < counted)
    found.push(
      `${store.location} holds ${kept} of the ${counted} records that its checkpoint counts: the others were removed, and ` +
        `are not written again`,
    );
  await store.rewind(config, counted);
  for (const warning of found) await events.warn(warning);
  return point;
}

/** Starting again would replace what the run has recorded; the user has to decide that. */
const checkpointsGone = (location: string): TemperError =>
  new TemperError({
    code: 'run/no-checkpoint',
    fault: 'user',
    message: `the run in ${location} has written checkpoints, and all of them are missing`,
    hint: 'Restore its folder "checkpoints", or start the run again under another name.',
  });

/** Returns whether the user allows every change of the config. */
const isForced = (resume: ResumeOptions): boolean => typeof resume === 'object' && resume.force === true;

/**
 * Without its saved config the run could continue with another config unnoticed: only the user knows whether the given one belongs to it.
 */
const configGone = (location: string, reasons: readonly string[]): TemperError =>
  new TemperError({
    code: 'run/no-checkpoint',
    fault: 'user',
    message: `the config that the run in ${location} was started with is lost: ${reasons.join('; ')}`,
    hint:
      'Give that config, and allow it: kit.run(config, { resume: { force: true } }) in code, `temper run CONFIG --resume ' +
      'NAME --force` on the command line.',
  });

const nothingLeft = (location: string): TemperError =>
  new TemperError({
    code: 'run/no-checkpoint',
    fault: 'user',
    message: `neither the config nor a checkpoint of a run can be read in ${location}`,
    hint: 'Start the run again under another name.',
  });

/**
 * Leaves out options that do not affect training: the reporters, and the run's name (absent from the config of a run that its store
 * named).
 */
function unnamed(config: Json): Json {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return config;
  const { name: _name, reporters: _reporters, ...rest } = config as Readonly<Record<string, Json>>;
  return rest;
}

function checkChanges(changes: readonly ConfigChange[], resume: ResumeOptions, location: string): void {
  refuse(
    notAllowed(changes, resume).map(sayChange),
    `the config differs from that of the run in ${location}`,
    'Resume with the config the run was started with, or allow these changes: --allow PATH on the command line, ' +
      "resume: { force: ['PATH'] } in code.",
  );
}

function checkData(changes: readonly DataChange[], resume: ResumeOptions, location: string): void {
  // `data` allows changes of all data of a run, including those of its stages.
  const refused = notAllowed([{ path: 'data' }], resume).length === 0 ? [] : notAllowed(changes, resume);
  refuse(
    refused.map(({ path, what }) => `${path}: ${what}`),
    `the data differ from those of the run in ${location}`,
    'Restore the data that the run was started with, or allow the change: --allow data on the command line, ' +
      "resume: { force: ['data'] } in code.",
  );
}

/** Ends the run because of changes that the user has not allowed, one on each line. */
function refuse(changes: readonly string[], what: string, hint: string): void {
  if (changes.length === 0) return;
  throw new TemperError({ code: 'run/changed', fault: 'user', message: `${what}:\n  ${changes.join('\n  ')}`, hint });
}

/**
 * Returns the changes at paths that the user has not allowed. Stages inherit settings from their run, so `epochs` permits
 * `stages[0].epochs` too, and `teacher.train.optimizer` the optimizers of all stages of that training.
 */
function notAllowed<C extends { readonly path: string }>(changes: readonly C[], resume: ResumeOptions): readonly C[] {
  const force = typeof resume === 'object' ? resume.force : [];
  if (force === true) return [];
  return changes.filter(({ path }) => {
    const places = [path, path.replaceAll(/\bstages\[\d+\]\./g, '')];
    return !force.some((allowed) => places.some((place) => place === allowed || /^[.[]/.test(afterStart(place, allowed))));
  });
}

/** The rest of `text` after `start`; empty where it starts otherwise. */
const afterStart = (text: string, start: string): string => (text.startsWith(start) ? text.slice(start.length) : '');
