import { writeFileSync } from 'node:fs';
import { compiledEngine, loadBackend } from '@temper/node';
import type { Case } from './cases.js';
import type { Result, Turns } from './compare.js';
import type { Options } from './options.js';
import { limitInstructions } from './instructions.js';
import type { Peer } from './peer.js';

const instructions = limitInstructions(process.argv.slice(2));
// Whatever imports tfjs has to find the native backend in place, so all else is loaded after it.
const backend = await loadBackend('native');
const conditions = compiledEngine().conditions ?? '';
const { help, readOptions, UsageError } = await import('./options.js');
const { compare } = await import('./compare.js');
const { startPeer } = await import('./peer.js');
const { describeMachine, isBusy } = await import('./machine.js');
const { keepResults, keepSoak, levelOfRun, readHistory } = await import('./history.js');
const { jsonLines, table } = await import('./table.js');

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(options: Options): Promise<void> {
  if (options.help) return console.log(help);
  if (options.soak) return soakMemory(options.record);
  const peer = await startPeer();
  const machine = describeMachine(backend.version, instructions, conditions, peer);
  if (peer === undefined) console.error('No PyTorch here: its figures are those of the last recorded run.');
  if (isBusy(machine)) console.error(`The machine is busy (load ${machine.load.toFixed(1)}): these figures are not to be relied on.`);
  const results = await compareAll(options.cases, peer, options);
  peer?.stop();
  console.log(table(results));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(jsonLines(results), null, 2)}\n`);
  if (options.record) keepResults(results, machine);
}

/** A case that fails costs its own line only. */
async function compareAll(cases: readonly Case[], peer: Peer | undefined, turns: Turns): Promise<Result[]> {
  const earlier = readHistory().filter((run) => levelOfRun(run) === instructions.level);
  const results: Result[] = [];
  for (const [i, one] of cases.entries()) {
    console.error(`${i + 1} of ${cases.length}: ${one.name}`);
    try {
      results.push(await compare(one, peer, earlier, turns));
    } catch (error) {
      console.error(`  failed, and is left out: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
  return results;
}

async function soakMemory(record: boolean): Promise<void> {
  const { soak } = await import('./soak.js');
  const machine = describeMachine(backend.version, instructions, conditions);
  const samples = await soak(({ part, done, residentMiB, heapMiB, tensors }) =>
    console.log(
      `${part.padEnd(10)} ${String(done).padStart(7)}  resident ${residentMiB} MiB  heap ${heapMiB} MiB  live tensors ${tensors}`,
    ),
  );
  if (record) keepSoak(samples, machine);
}
