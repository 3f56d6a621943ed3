import { tf } from '#libraries';
import { TemperError } from '../errors.js';
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
 * wherever there is `fetch` and a tfjs backend.
 * @throws TemperError `data/not-found` where a file cannot be fetched, `model/invalid` where one is damaged.
 * @example
 * const student = await loadStudent('https://example.com/models/digits');
 * const [{ class: name, probability }] = await student.predict([pixels]);
 */
export async function loadStudent(address: string | URL, { fetch = globalThis.fetch }: LoadStudentOptions = {}): Promise<Student> {
  await tf.ready();
  const folder = `${String(address).replace(/\/?(student\.json|model\.json)?$/, '')}/`;
  const get = async (url: string): Promise<Response> => {
    const response = await fetch(url).catch((cause: unknown) => Promise.reject(notFound(url, cause instanceof Error ? cause.message : String(cause), cause)));
    if (!response.ok) throw notFound(url, `the server answers ${response.status} ${response.statusText}`.trim());
    return response;
  };
  const url = `${folder}student.json`;
  const description = parseStudent(await (await get(url)).text(), url);
  const handler = tf.io.http(`${folder}model.json`, { fetchFunc: (input: RequestInfo | URL) => get(input instanceof Request ? input.url : String(input)) });
  return createStudent(await loadModel(handler, description, folder), description);
}

const notFound = (url: string, reason: string, cause?: unknown): TemperError =>
  new TemperError({
    code: 'data/not-found',
    message: `${url} cannot be fetched: ${reason}`,
    hint: 'Serve the complete folder of the student: student.json, model.json and weights.bin.',
    cause,
  });
