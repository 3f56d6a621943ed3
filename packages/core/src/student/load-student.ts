import { tf } from '#libraries';
import { TemperError } from '../errors.js';
import { requireBackend } from '../backend.js';
import { loadModel } from './load-model.js';
import { parseStudent } from './student-file.js';
import { createStudent, type Student } from './student.js';

/** How the files of a student are fetched. */
export interface LoadStudentOptions {
  /** Default: the platform's own. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Loads a student from the address of its folder, which holds `student.json`, `model.json` and the weights: in browsers, workers, and
 * wherever there is `fetch` and a tfjs backend. A query (`?token=…`) is sent with each file.
 * @throws TemperError `data/not-found` where a file cannot be fetched, `model/invalid` where one is damaged, `environment/backend` without
 * a backend.
 * @example
 * const student = await loadStudent('https://example.com/models/digits');
 * const [{ class: name, probability }] = await student.predict([pixels]);
 */
export async function loadStudent(address: string | URL, { fetch = globalThis.fetch }: LoadStudentOptions = {}): Promise<Student> {
  requireBackend(backendHint);
  await tf.ready();
  const [, place = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(String(address)) ?? [];
  const folder = `${place.replace(/\/?(student\.json|model\.json)?$/, '')}/`;
  const get = async (file: string): Promise<Response> => {
    const url = `${file}${query}`;
    const response = await fetch(url).catch((cause: unknown) =>
      Promise.reject(notFound(url, cause instanceof Error ? cause.message : String(cause), cause)),
    );
    if (!response.ok) throw notFound(url, `the server answers ${response.status} ${response.statusText}`.trim());
    return response;
  };
  const url = `${folder}student.json`;
  const description = parseStudent(await (await get(url)).text(), url);
  const handler = tf.io.http(`${folder}model.json`, {
    fetchFunc: (input: RequestInfo | URL) => get(input instanceof Request ? input.url : String(input)),
  });
  return createStudent(await loadModel(handler, description, folder), description);
}

const backendHint =
  "Import '@tensorflow/tfjs-backend-webgl' or '@tensorflow/tfjs-backend-cpu' before; in Node loadStudent of " +
  '@temper/node loads the fastest backend.';

const notFound = (url: string, reason: string, cause?: unknown): TemperError =>
  new TemperError({
    code: 'data/not-found',
    message: `${url} cannot be fetched: ${reason}`,
    hint: url.startsWith('file:')
      ? 'Files are read by loadStudent of @temper/node.'
      : 'Serve the complete folder of the student: student.json, model.json and weights.bin.',
    cause,
  });
