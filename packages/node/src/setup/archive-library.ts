import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TemperError } from '@temper/core';
import { extract } from 'tar';
import { codeOf } from '../store/file-error.js';
import type { Archive } from './archives.js';
import { makeFolder } from './cache.js';
import { megabytes, trackBytes, type SetupReporter } from './events.js';
import { checkFreeSpace } from './free-space.js';
import { describeLibrary, libraryKey } from './library.js';

/** How long the official server may keep us waiting before another way is taken. */
export interface Patience {
  /** Milliseconds to the first answer. */
  readonly answer: number;
  /** A download that brings less than `bytes` in `period` milliseconds is given up. */
  readonly period: number;
  readonly bytes: number;
}

const usualPatience: Patience = { answer: 3_000, period: 10_000, bytes: 4_000_000 };

/** Puts the library of the official archive into the cache, unpacked while it arrives. */
export async function makeArchiveLibrary(cache: string, platform: string, archive: Archive, report: SetupReporter, patience = usualPatience): Promise<void> {
  await checkFreeSpace(cache, archive.unpackedBytes);
  const giveUp = new AbortController();
  const response = await ask(archive.url, giveUp, patience);
  const total = Number(response.headers.get('content-length') ?? 0);
  report({ type: 'step', message: `Downloading TensorFlow ${archive.version}, the official archive${total > 0 ? ` (${megabytes(total)})` : ''}` });
  await makeFolder(join(cache, libraryKey(archive.version, platform)), async (folder) => {
    const unpack = extract({ cwd: folder, strict: true, filter: (path) => /^(?:\.\/)?(?:lib|include)\//.test(path) });
    try {
      await pipeline(body(response, archive, giveUp, patience, trackBytes(total, report)), unpack);
    } catch (error) {
      if (error instanceof TemperError || codeOf(error) !== undefined) throw error;
      throw failure(archive, `is damaged (${(error as Error).message})`, error);
    }
    await describeLibrary(folder, archive.version);
  });
}

/** True where the server has the archive and says so in time. */
export async function archiveAnswers(archive: Archive, patience = usualPatience): Promise<boolean> {
  const giveUp = new AbortController();
  try {
    return (await ask(archive.url, giveUp, patience)).ok;
  } catch {
    return false;
  } finally {
    giveUp.abort();
  }
}

async function ask(url: string, giveUp: AbortController, { answer }: Patience): Promise<Response> {
  const timer = setTimeout(() => giveUp.abort(), answer);
  try {
    const response = await fetch(url, { signal: giveUp.signal });
    if (response.ok) return response;
    giveUp.abort();
    throw failure({ url }, `cannot be had: the server answers ${response.status}`);
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw failure({ url }, giveUp.signal.aborted ? `does not come: no answer within ${answer / 1000} s` : 'cannot be reached', error);
  } finally {
    clearTimeout(timer);
  }
}

/** The bytes as they arrive, for as long as they arrive fast enough. */
async function* body(response: Response, archive: Archive, giveUp: AbortController, patience: Patience, arrived: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let count = 0;
  let before = 0;
  const timer = setInterval(() => {
    if (count - before < patience.bytes) giveUp.abort();
    before = count;
  }, patience.period);
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      arrived((count += chunk.length));
      yield chunk;
    }
  } catch (error) {
    throw failure(archive, giveUp.signal.aborted ? 'comes too slowly' : 'broke off', error);
  } finally {
    clearInterval(timer);
  }
}

const failure = ({ url }: Pick<Archive, 'url'>, what: string, cause?: unknown): TemperError =>
  new TemperError({
    code: 'environment/backend',
    message: `the official TensorFlow archive at ${new URL(url).host} ${what}`,
    hint: 'TFJS_NODE_CDN_STORAGE may name a mirror of it.',
    cause,
  });
