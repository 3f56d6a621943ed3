// Packs every package as it would be published and checks the archives: publint for the manifest and its files,
// attw for the types that each kind of importer would see.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const archives = mkdtempSync(join(tmpdir(), 'temper-packed-'));
const tool = (name) => join(root, 'node_modules', '.bin', name);

let failed = 0;
try {
  const pack = ['--yes', packageManager, '--filter', './packages/*', 'pack', '--pack-destination', archives];
  execFileSync('npx', pack, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const archive of readdirSync(archives).sort()) {
    const path = join(archives, archive);
    const checks = [
      [tool('publint'), ['run', path, '--strict']],
      [tool('attw'), [path, '--profile', 'esm-only', '--no-emoji']],
    ];
    const results = checks.map(([command, options]) => spawnSync(command, options, { cwd: root, encoding: 'utf8' }));
    const wrong = results.filter(({ status }) => status !== 0);
    console.log(`${archive}: ${wrong.length === 0 ? 'good' : 'not good'}`);
    for (const { stdout, stderr } of wrong) console.log(stdout + stderr);
    failed += wrong.length === 0 ? 0 : 1;
  }
} finally {
  rmSync(archives, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
