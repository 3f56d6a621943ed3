import type { DataSet } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import { evaluate, evaluateTeacher } from '../loop/evaluate.js';
import type { Teacher } from '../plan/trained-network.js';
import { checkMetrics } from '../loop/non-finite.js';
import { measuredBy } from '../../metrics/names.js';
import type { Session } from '../loop/session.js';
import type { TeacherView } from '../loop/teacher-view.js';

type Metrics = Readonly<Record<string, number>>;

/** The parts of a run that are evaluated on the test data after the student is saved. */
interface Judged {
  readonly student: Network;
  readonly teacher: Teacher | undefined;
  readonly data: DataSet;
  readonly view: (teacher: Teacher, data: DataSet, name: string) => Promise<TeacherView>;
}

/**
 * Computes the metrics of the student on the test data, and of its teacher if that is a single network. If a teacher's logits are not
 * finite for a test sample, only the comparison with it is left out, with a warning.
 * @throws TemperError `run/non-finite` if the student's own metrics are not finite.
 */
export async function judgeResult(
  { student, teacher, data, view }: Judged,
  session: Session,
): Promise<{ readonly test: Metrics; readonly teacherTest?: Metrics }> {
  const warn = (message: string): Promise<void> =>
    session.events.warn(`${message}; the comparison with the teacher on the test data is omitted`);
  const seen = teacher === undefined ? undefined : await usable(() => view(teacher, data, 'test'), warn);
  const compared = await evaluate(student, data, seen, session);
  const own = Object.fromEntries(measuredBy(session.metrics, false).map(({ name }) => [name, compared[name] as number]));
  checkMetrics(own, 'of the student on the test data');
  if (seen === undefined || teacher === undefined) return { test: compared };
  if (!Object.values(compared).every((value) => Number.isFinite(value))) {
    await warn('the teacher gives logits that are not finite for the test data');
    return { test: own };
  }
  if (teacher.kind !== 'network') return { test: compared };
  return { test: compared, teacherTest: await evaluateTeacher({ name: teacher.network.name, view: seen }, data, session) };
}

async function usable<T>(make: () => Promise<T>, warn: (message: string) => Promise<void>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'run/non-finite') throw error;
    await warn(error.details.message);
    return undefined;
  }
}
