import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';

const temper = fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url));

/** The end of the command and its output. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with a small config and a comparison for each test of a file. */
export interface CompareFolder {
  readonly path: () => string;
  write(name: string, content: unknown): void;
  /** Runs the command in the folder; `watch` gets every line of stderr. */
  compare(args: readonly string[], watch?: (line: string, pid: number) => void): Promise<Ended>;
}

/** Makes a folder before each test, and removes it afterwards. */
export function compareFolder(): CompareFolder {
  let folder: string;
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'temper-compare-'));
    write('temper.config.json', {
      data: { type: 'digits', train: 200, validation: 100, test: 100 },
      teacher: { model: { type: 'mlp', hidden: [32] }, train: { epochs: 2 } },
      student: { model: { type: 'mlp', hidden: [8] } },
      epochs: 3,
    });
    write('temper.compare.json', {
      seeds: 2,
      variants: { 'T = 4': { temperature: 4 }, falling: { temperature: { type: 'linear', from: 20, to: 1 } } },
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: () => folder,
    write,
    compare: (args, watch = () => undefined) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [temper, 'compare', ...args], { cwd: folder });
        let [out, err] = ['', ''];
        child.stdout.on('data', (text: Buffer) => (out += text.toString()));
        child.stderr.on('data', (text: Buffer) => {
          err += text.toString();
          text
            .toString()
            .split('\n')
            .forEach((line) => watch(line, child.pid as number));
        });
        child.on('close', (status) => resolve({ status, out, err }));
      }),
  };
}
