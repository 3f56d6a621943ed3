import { Writable } from 'node:stream';
import picocolors from 'picocolors';
import type { Terminal } from '../terminal.js';

/** A terminal that keeps what is written to it; with `draws` one on which bars can be drawn. */
export function fakeTerminal({ draws = false } = {}): Terminal & { readonly stdout: string; readonly stderr: string } {
  const written = { out: '', err: '' };
  const stream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.err += chunk.toString();
        done();
      },
    }),
    { isTTY: true, columns: 200 },
  );
  const plain = picocolors.createColors(false);
  return {
    out: (text) => void (written.out += `${text}\n`),
    err: (text) => void (written.err += `${text}\n`),
    colors: { out: plain, err: plain },
    drawable: draws ? stream : undefined,
    columns: 80,
    get stdout() {
      return written.out;
    },
    get stderr() {
      return written.err;
    },
  };
}
