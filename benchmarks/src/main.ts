import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadBackend } from '@temper/node';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const help = `pnpm bench [--only TEXT] [--rounds 5] [--seconds 1] [--json FILE] [--record] [--soak]

Times Temper and, where python3 (or TEMPER_BENCH_PYTHON) has it, PyTorch in turns.
  --only TEXT    lines whose name holds the text
  --json FILE    writes [{ name, oursMs, peer, peerMs, ratio }]
  --record       keeps the results in benchmarks/RESULTS.md and results.json
  --soak         1,000 recordings and 100,000 updates, with memory over time, instead`;

async function main(): Promise<void> {
  if (values.help) return console.log(help);
  const backend = await loadBackend('native');
  // Only now: whatever imports tfjs has to find the native backend in place.
  if (values.soak) return soakMemory();
  const [{ cases }, { compare }, { startPeer }, { describeMachine, isBusy }, { readRecorded, record, table }] = await Promise.all([
    import('./cases.js'),
    import('./compare.js'),
    import('./peer.js'),
    import('./machine.js'),
    import('./report.js'),
  ]);
  const peer = await startPeer();
  const machine = describeMachine(backend.version, peer?.version);
  if (peer === undefined) console.error('No PyTorch here: its figures are those of the last recorded run.');
  if (isBusy(machine)) console.error(`The machine is busy (load ${machine.load.toFixed(1)}): these figures are not to be relied on.`);
  const results = [];
  for (const one of cases.filter(({ name }) => name.includes(values.only ?? ''))) {
    console.error(one.name);
    results.push(await compare(one, peer, readRecorded(), { rounds: Number(values.rounds), seconds: Number(values.seconds) }));
  }
  peer?.stop();
  console.log(table(results));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  if (values.record) record(results, machine);
}

async function soakMemory(): Promise<void> {
  const { soak } = await import('./soak.js');
  soak(1_000, 100_000, (phase, { done, residentMiB, heapMiB, tensors }) => {
    console.log(`${phase} ${String(done).padStart(6)}  resident ${residentMiB} MiB  heap ${heapMiB} MiB  live tensors ${tensors}`);
  });
}

await main();
