// Loaded into a process under test before anything else: makes operations on files fail.
// TEMPER_TEST_FAULT says which, in JSON:
//   under  a part of the paths whose operations count
//   from   the operation with which counting begins, as a pattern of its name and path; without it, at once
//   at     the operation that is hit, from 1, and all after it
//   fault  the code of the error: 'ENOSPC'
const files = require('node:fs/promises');
const { syncBuiltinESMExports } = require('node:module');

const { under, from = '.', at, fault } = JSON.parse(process.env.TEMPER_TEST_FAULT);
const paths = new WeakMap();
let operations = 0;

function check(name, path) {
  if (operations === 0 && !new RegExp(from).test(`${name} ${path}`)) return;
  operations += 1;
  if (operations < at) return;
  throw Object.assign(new Error(`${fault}: made by a test`), { code: fault });
}

const pathIn = (name, given) => given.slice(0, name === 'rename' ? 2 : 1).find((one) => typeof one === 'string' && one.includes(under));

function wrap(holder, name) {
  const original = holder[name];
  holder[name] = async function (...given) {
    const path = holder === files ? pathIn(name, given) : paths.get(this);
    if (path !== undefined) check(name, path);
    const result = await original.apply(this, given);
    if (name === 'open') opened(result, path);
    return result;
  };
}

let isPatched = false;
function opened(file, path) {
  if (path !== undefined) paths.set(file, path);
  if (isPatched) return;
  isPatched = true;
  // No module exports the methods of open files.
  for (const name of ['write', 'writeFile', 'sync', 'truncate']) wrap(Object.getPrototypeOf(file), name);
}

for (const name of ['open', 'mkdir', 'rename', 'readdir', 'rm', 'stat', 'readFile', 'access', 'truncate', 'writeFile']) wrap(files, name);
syncBuiltinESMExports();
