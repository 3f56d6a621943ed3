// A program for tests: runs one command after another as it is told, and answers how each ended. See quick.ts.
import { fileURLToPath } from 'node:url';

// Messages name the program that a user has started.
process.argv[1] = fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url));
const { main } = await import('../../dist/main.js');
const { console: ownConsole } = globalThis;
const perCommand = ['uncaughtException', 'unhandledRejection', 'SIGXFSZ'];

process.on('message', async ({ args, cwd }) => {
  const written = { stdout: '', stderr: '' };
  const restored = ['stdout', 'stderr'].map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = (text, encoding, done) => {
      written[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
      (typeof encoding === 'function' ? encoding : done)?.();
      return true;
    };
    return () => {
      stream.write = write;
      stream.removeAllListeners('error');
    };
  });
  process.chdir(cwd);
  const status = await main(args);
  for (const restore of restored) restore();
  for (const name of perCommand) process.removeAllListeners(name);
  globalThis.console = ownConsole;
  process.chdir('/');
  process.send({ status, ...written });
});
process.on('disconnect', () => process.exit());
