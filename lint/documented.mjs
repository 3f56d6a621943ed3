// After typedoc: every symbol that a package exports must say what it is. (typedoc's own check also asks for the parts
// of inferred types, which are documented where their contract is.)
import { readFileSync } from 'node:fs';

const modules = new Set([1, 2]);
const reference = 4_194_304;

const project = JSON.parse(readFileSync(new URL('../docs/api/api.json', import.meta.url), 'utf8'));
const missing = [];

function visit({ kind, name, children = [], comment, signatures = [] }, path) {
  if (modules.has(kind)) for (const child of children) visit(child, [...path, name]);
  else if (kind !== reference && ![comment, ...signatures.map((one) => one.comment)].some(says)) missing.push([...path, name].join(' › '));
}

const says = (comment) => (comment?.summary.length ?? 0) > 0;

for (const child of project.children) visit(child, []);
if (missing.length > 0) {
  console.error(`${missing.length} exports without a comment:\n  ${missing.join('\n  ')}`);
  process.exitCode = 1;
}
