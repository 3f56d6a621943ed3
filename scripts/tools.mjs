// What the scripts share.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends a script with one message instead of a stack trace: status 2 where the user's machine lacks something. */
export class Stop extends Error {
  constructor(message, status = 2) {
    super(message);
    this.status = status;
  }

  /** Runs a script's body; a Stop is printed and sets the exit status. */
  static async guard(body) {
    try {
      await body();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      console.error(error.message);
      process.exitCode = error.status;
    }
  }
}

/** Runs a program to its end. On Windows npx and pnpm are command files, which only a shell runs. */
export const run = (program, args, options) =>
  spawnSync(program, args, { ...options, shell: process.platform === 'win32' && program !== process.execPath });

/** Runs a program of the set-up in the checkout. Its output goes to stderr, so that stdout is the caller's own; `quiet` drops it. */
export function runTool(program, args, { cwd = root, quiet = false } = {}) {
  const env = { ...process.env, npm_config_update_notifier: 'false' };
  const { status, signal, error } = run(program, args, { cwd, env, stdio: ['inherit', quiet ? 'ignore' : process.stderr.fd, 'inherit'] });
  if (error !== undefined)
    throw new Stop(
      error.code === 'ENOENT'
        ? `${program} was not found on the PATH; it comes with Node.`
        : `${program} could not be started: ${error.message}`,
    );
  return signal === null ? status : 1;
}

/**
 * The words that start pnpm: the user's where it is of the major version that the lockfile is made with, else the pinned one through npx.
 */
export function pnpmCommand() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { status, stdout } = run('pnpm', ['--version'], { cwd: root, encoding: 'utf8' });
  const isThere = status === 0 && `pnpm@${stdout}`.split('.')[0] === packageManager.split('.')[0];
  return isThere ? ['pnpm'] : ['npx', '--yes', packageManager];
}

export function runPnpm(args, options) {
  const [program, ...first] = pnpmCommand();
  return runTool(program, [...first, ...args], options);
}

/** What pnpm-workspace.yaml of a project says: where the packages of Temper are, and that no installer of a package runs. */
export const pnpmSettings = (places) => `overrides:
${Object.entries(places)
  .map(([name, place]) => `  '${name}': ${place}`)
  .join('\n')}

# The installer of @tensorflow/tfjs-node waits for a server that many networks cannot reach; \`temper setup\` does its work.
allowBuilds:
  '@tensorflow/tfjs-node': false
  core-js: false
  esbuild: false
`;

/** The names of the packages, as `packages` holds them. */
export const packageNames = () => readdirSync(join(root, 'packages')).sort();

/** The projects of vitest that a word of `npm test` names: a package each, and those of the repository. */
export const testProjects = () => [...packageNames(), 'examples', 'benchmarks', 'lint', 'docs', 'projects'];

/** The versions that pnpm-workspace.yaml names for all packages, by package. */
export function catalog() {
  const [, section = ''] = /^catalog:\n((?: {2}.*\n)*)/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) ?? [];
  return Object.fromEntries([...section.matchAll(/^ {2}'?([^':]+)'?: (.+)$/gm)].map(([, name, version]) => [name, version]));
}

/** Runs a program of Temper's own with the terminal, and gives its exit status. */
export function runProgram(file, args) {
  const { status } = run(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}

/** True for the module that Node was started with. */
export const isMain = (url) => process.argv[1] !== undefined && fileURLToPath(url) === realpathSync(process.argv[1]);
