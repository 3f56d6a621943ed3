#!/usr/bin/env node
// Plain JavaScript for old versions of Node, so that they print a message instead of a syntax error.
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`temper: needs Node 20.19 or later, this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  if (module.enableCompileCache) module.enableCompileCache();
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
}
