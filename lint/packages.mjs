// Packs every package as it would be published and checks the archives: their files and versions, publint for the manifest,
// attw for the types that each kind of importer would see.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from '../scripts/pack.mjs';
import { root } from '../scripts/tools.mjs';

const tool = (name) => join(root, 'node_modules', '.bin', name);
const call = (command, args) => spawnSync(command, args, { cwd: root, encoding: 'utf8' });

/** What a package may hold: the manifest, its two texts, compiled sources, the command, and C++ that the set-up compiles. */
const allowed = new RegExp(
  [
    /^package\/(package\.json|README\.md|LICENSE|bin\/temper\.mjs|(kernels|binding)\/.+)$/,
    /^package\/dist\/(?!(.*\/)?(fixtures?|testing-)[^/]*$).+\.(js|cjs|d\.ts|d\.cts)$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/** What makes sense in this repository alone. */
const unresolved = /"(catalog|workspace|link):|"source":/;

/** Files that do not belong into a package, those that are missing, and a manifest that names what only the workspace knows. */
function wrongContents(path) {
  const files = call('tar', ['-tzf', path]).stdout.trim().split('\n');
  const manifest = call('tar', ['-xzOf', path, 'package/package.json']).stdout;
  const { description, keywords = [], repository } = JSON.parse(manifest);
  return [
    ...files.filter((file) => !allowed.test(file)).map((file) => `does not belong into a package: ${file}`),
    ...['package/README.md', 'package/LICENSE'].filter((file) => !files.includes(file)).map((file) => `is missing: ${file}`),
    ...(unresolved.test(manifest) ? [`package.json is not resolved: ${unresolved.exec(manifest)[0]}`] : []),
    ...Object.entries({ description, keywords: keywords.length > 2, repository })
      .filter(([, value]) => !value)
      .map(([name]) => `package.json lacks ${name}`),
  ];
}

const output = ({ status, stdout, stderr }) => (status === 0 ? [] : [stdout + stderr]);

let failed = 0;
const archives = mkdtempSync(join(tmpdir(), 'temper-packed-'));
try {
  for (const { file } of pack(archives)) {
    const path = join(archives, file);
    const wrong = [
      ...wrongContents(path),
      ...output(call(tool('publint'), ['run', path, '--strict'])),
      ...output(call(tool('attw'), [path, '--profile', 'esm-only', '--no-emoji'])),
    ];
    console.log([`${file}: ${wrong.length === 0 ? 'good' : 'not good'}`, ...wrong].join('\n'));
    failed += wrong.length === 0 ? 0 : 1;
  }
} finally {
  rmSync(archives, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
