// `npm start`: sets everything up and runs the digits example.
import { explainMissing, prepare } from './prepare.mjs';
import { Stop, runProgram } from './tools.mjs';

await Stop.guard(async () => {
  const report = await prepare();
  if (!report.native) console.error(explainMissing(report));
  process.exitCode = runProgram('examples/digits/main.mjs', process.argv.slice(2));
});
