import type { DataSet } from '../../contracts/data.js';
import type { Session } from '../loop/session.js';
import { teacherView, type TeacherView } from '../loop/teacher-view.js';
import type { Teacher } from '../plan/trained-network.js';

/** Returns the view of a teacher over a data set; `name` names the data set in the progress. */
export type TeacherViews = (teacher: Teacher, data: DataSet, name: string) => Promise<TeacherView>;

/** Creates views of teachers over data sets, each on first use: by then its teacher is trained. */
export function createViews(session: Session): TeacherViews {
  const known = new Map<Teacher, Map<DataSet, TeacherView>>();
  return async (teacher, data, name) => {
    const ofTeacher = known.get(teacher) ?? new Map<DataSet, TeacherView>();
    known.set(teacher, ofTeacher);
    const found = ofTeacher.get(data) ?? (await teacherView(teacher, data, `teacher logits (${name})`, session));
    ofTeacher.set(data, found);
    return found;
  };
}
