// `npm start`: sets everything up and runs the digits example.
import { prepare } from './prepare.mjs';
import { Stop, runProgram } from './tools.mjs';

await Stop.guard(async () => {
  const { native, text } = await prepare();
  if (!native) console.error(text);
  process.exitCode = runProgram('examples/digits/main.mjs', process.argv.slice(2));
});
