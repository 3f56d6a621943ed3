import { loadBackend } from '@temper/node';

const usage = `pnpm bench:alarms [RUNS [FIRST]]
Trains small networks (default: 300) until their loss is below 1e-4, and fails where a recorded update is refused.
FIRST is the number of the first run (default: 0), from which everything random in it follows; it splits a long check into parts.`;

const [given = '300', from = '0'] = process.argv.slice(2);
const [runs, first] = [Number(given), Number(from)];
if (!Number.isInteger(runs) || runs < 1) refuse(`RUNS has to be a whole number above 0, got "${given}".`);
else if (!Number.isInteger(first) || first < 0) refuse(`FIRST has to be a whole number from 0, got "${from}".`);
else await main();

function refuse(reason: string): void {
  console.error(`${reason}\n${usage}`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  await loadBackend('native');
  const { falseAlarms } = await import('./false-alarms.js');
  const { converged, alarms } = await falseAlarms(
    runs,
    (done) => void (done % 25 === 0 && console.error(`${done} of ${runs} runs`)),
    first,
  );
  for (const alarm of alarms) console.log(alarm);
  console.log(`runs ${first} to ${first + runs - 1}: ${converged} with a loss below 1e-4, ${alarms.length} false alarms`);
  if (alarms.length > 0) process.exitCode = 1;
}
