import type { AnyDefinition } from './define.js';
import type { StageInput, TeacherInput } from './run-config.js';

/** Stages in code: a stage, a group of them, or lists of either. */
export type Stages<D = AnyDefinition> = StageInput<D> | readonly Stages<D>[];

/**
 * Stages one after the other, as the `stages` of a config.
 * @example kit.run({ ...config, stages: progressive([broad, repeat(3, [up, down]), focus]) })
 */
export const progressive = <D>(stages: readonly Stages<D>[]): readonly StageInput<D>[] => stages.flatMap((stage) => (isList(stage) ? progressive(stage) : [stage]));

/**
 * A stage under a name.
 * @example stage('broad', { epochs: 6, temperature: linear({ from: 20, to: 4 }) })
 */
export const stage = <const S extends object>(name: string, settings: S): S & { readonly name: string } => ({ name, ...settings });

/**
 * The same stages several times in a row.
 * @example repeat(3, [stage('hot', { epochs: 1, temperature: 8 }), stage('cold', { epochs: 1, temperature: 1 })])
 */
export const repeat = <D>(times: number, stages: Stages<D>): StageInput<D> => ({ repeat: times, stages: progressive([stages]) });

/**
 * Stages under another teacher than the run's.
 * @example withTeacher({ from: 'runs/assistant/student' }, [stage('last', { epochs: 2 })])
 */
export const withTeacher = <D>(teacher: TeacherInput<D>, stages: Stages<D>): StageInput<D> => ({ teacher, stages: progressive([stages]) });

const isList = <D>(stages: Stages<D>): stages is readonly Stages<D>[] => Array.isArray(stages);
