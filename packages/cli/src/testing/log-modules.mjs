// Loaded into a process under test before anything else: writes the address of each module that is loaded into the file
// TEMPER_TEST_MODULES.
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const file = process.env.TEMPER_TEST_MODULES;
const hook = `
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(${JSON.stringify(file)}, url + '\\n');
    return next(url, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
// CommonJS that CommonJS loads passes the hook by.
process.on('exit', () => appendFileSync(file, Object.keys(createRequire(import.meta.url).cache).join('\n')));
