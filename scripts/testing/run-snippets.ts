import { cp, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import ts from 'typescript';
import { snippetsOf, type Snippet } from '../../docs/snippets.js';
import { run } from './outside.js';

/** What a snippet is: a program, a config, a test file or commands of a shell. */
type Form = 'program' | 'config' | 'test' | 'shell';

function formOf({ language, code }: Snippet): Form {
  if (language === 'sh') return 'shell';
  if (/^import .* from 'vitest';$/m.test(code)) return 'test';
  return /^export default /m.test(code) ? 'config' : 'program';
}

interface Placed extends Snippet {
  readonly form: Form;
  readonly name: string;
  /** The config before it on its page, for shell commands. */
  readonly config: string | undefined;
}

function placed(pages: readonly string[]): Placed[] {
  return pages.flatMap((page) => {
    let config: string | undefined;
    return snippetsOf(page).flatMap((snippet) => {
      if (snippet.notRun !== undefined) return [];
      const form = formOf(snippet);
      if (form === 'config') config = snippet.code;
      return [{ ...snippet, form, name: `${page.replace(/\W+/g, '-')}-${snippet.line}`, config }];
    });
  });
}

/**
 * Runs the snippets of pages verbatim in a project outside of the checkout: programs one after the other in two fresh processes, tests in
 * one, each config by `temper preview`, shell commands in a shell each, next to the config before them.
 * @returns What went wrong, and the pages of which something ran.
 */
export async function checkSnippets(
  pages: readonly string[],
  project: string,
): Promise<{ readonly problems: readonly string[]; readonly ran: readonly string[] }> {
  const all = placed(pages);
  const of = (form: Form): Placed[] => all.filter((one) => one.form === form);
  const folder = join(project, 'snippets');
  await mkdir(folder);
  // A backend that one program loads would serve those after it, so programs that load none have a process of their own.
  const [onNode, portable] = [true, false].map((wanted) =>
    of('program').filter(({ code }) => /from '@temper\/(node|tensorflow)'/.test(code) === wanted),
  );
  const problems = [
    ...(await runPrograms(portable ?? [], join(folder, 'portable'))),
    ...(await runPrograms(onNode ?? [], join(folder, 'on-node'))),
    ...(await runTests(of('test'), join(folder, 'tests'))),
  ];
  for (const one of of('config')) problems.push(...(await previewConfig(one, join(folder, one.name))));
  for (const one of of('shell')) problems.push(...(await runShell(one, join(folder, one.name), project)));
  return { problems, ran: [...new Set(all.map(({ page }) => page))] };
}

const place = ({ page, line }: Placed): string => `${page}:${line}`;

/** Imports each program in turn, so that one which fails does not keep the others from running. */
const runner = `
for (const file of process.argv.slice(2)) {
  try {
    await import(file);
    process.stderr.write('\\nran ' + file + '\\n');
  } catch (error) {
    process.stderr.write('\\nfailed ' + file + ' ' + String(error?.stack ?? error).split('\\n').slice(0, 4).join(' | ') + '\\n');
  }
}
process.exit();`;

async function runPrograms(programs: readonly Placed[], folder: string): Promise<string[]> {
  await mkdir(folder);
  await writeFile(join(folder, 'runner.mjs'), runner);
  for (const { name, code } of programs) {
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, experimentalDecorators: true };
    await writeFile(join(folder, `${name}.mjs`), ts.transpileModule(code, { compilerOptions }).outputText);
  }
  const { stderr } = await run(process.execPath, ['runner.mjs', ...programs.map(({ name }) => `./${name}.mjs`)], folder);
  return programs
    .filter(({ name }) => !stderr.includes(`\nran ./${name}.mjs\n`))
    .map((one) => {
      const [, reason = 'did not end'] = new RegExp(`failed \\./${one.name}\\.mjs (.*)`).exec(stderr) ?? [];
      return `${place(one)}: ${reason}`;
    });
}

async function runTests(tests: readonly Placed[], folder: string): Promise<string[]> {
  await mkdir(folder);
  for (const { name, code } of tests) await writeFile(join(folder, `${name}.test.ts`), code);
  const { status, stdout, stderr } = await run('npx', ['vitest', 'run', '--root', folder], dirname(dirname(folder)));
  return status === 0 && stdout.includes(`${tests.length} passed`) ? [] : [`${tests.map(place).join(', ')}: ${stdout}${stderr}`];
}

async function previewConfig(one: Placed, folder: string): Promise<string[]> {
  await mkdir(folder);
  await writeFile(join(folder, 'temper.config.ts'), one.code);
  const { status, stderr } = await run('npx', ['temper', 'preview', '--json'], folder);
  return status === 0 ? [] : [`${place(one)}: ${stderr}`];
}

/** Where lines of comment follow a command alone, they are what it prints. */
async function runShell(one: Placed, folder: string, project: string): Promise<string[]> {
  await mkdir(folder);
  await cp(join(project, 'samples.jsonl'), join(folder, 'samples.jsonl'));
  if (one.config !== undefined) await writeFile(join(folder, 'temper.config.ts'), one.config);
  const path = [join(project, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const { status, stdout, stderr } = await run('sh', ['-e', '-c', one.code], folder, { PATH: path });
  if (status !== 0) return [`${place(one)}: ${stderr}`];
  const expected = one.code
    .split('\n')
    .filter((line) => line.startsWith('# '))
    .map((line) => `${line.slice(2)}\n`)
    .join('');
  return expected === '' || stdout === expected ? [] : [`${place(one)}: prints ${stdout}`];
}
