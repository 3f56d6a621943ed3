import { loadBackend } from '@temper/node';

const usage =
  'pnpm bench:alarms [RUNS] trains so many small networks (default 300) until their loss is below 1e-4, and fails where ' +
  'a recorded update is refused.';

const [given = '300'] = process.argv.slice(2);
const runs = Number(given);
if (Number.isInteger(runs) && runs > 0) await main();
else {
  console.error(`${usage}\nRUNS is "${given}"; it has to be a whole number above 0.`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  await loadBackend('native');
  const { falseAlarms } = await import('./false-alarms.js');
  const { converged, alarms } = await falseAlarms(runs, (done) => void (done % 25 === 0 && console.error(`${done} of ${runs} runs`)));
  for (const alarm of alarms) console.log(alarm);
  console.log(`${runs} runs, ${converged} with a loss below 1e-4, ${alarms.length} false alarms`);
  if (alarms.length > 0) process.exitCode = 1;
}
