/** A stage, or lists of stages in any depth. */
export type Stages<S> = S | readonly Stages<S>[];

/**
 * Lists stages one after the other, as the `stages` of a config.
 * @example kit.run({ ...config, stages: progressive([broad, repeat(3, [up, down]), focus]) })
 */
export const progressive = <S extends object>(stages: readonly Stages<S>[]): readonly S[] =>
  stages.flatMap((stage) => (isList(stage) ? progressive(stage) : [stage]));

/**
 * Makes a stage with a name.
 * @example stage('broad', { epochs: 6, temperature: linear({ from: 20, to: 4 }) })
 */
export const stage = <const S extends object>(name: string, settings: S): S & { readonly name: string } => ({ name, ...settings });

/**
 * Repeats stages a number of times in a row.
 * @example repeat(3, [stage('hot', { epochs: 1, temperature: 8 }), stage('cold', { epochs: 1, temperature: 1 })])
 */
export const repeat = <const S extends object>(
  times: number,
  stages: Stages<S>,
): { readonly repeat: number; readonly stages: readonly S[] } => ({
  repeat: times,
  stages: progressive([stages]),
});

/**
 * Gives stages another teacher than that of the run.
 * @example withTeacher({ from: 'runs/assistant/student' }, [stage('last', { epochs: 2 })])
 */
export const withTeacher = <const T extends object, const S extends object>(
  teacher: T,
  stages: Stages<S>,
): { readonly teacher: T; readonly stages: readonly S[] } => ({
  teacher,
  stages: progressive([stages]),
});

const isList = <S>(stages: Stages<S>): stages is readonly Stages<S>[] => Array.isArray(stages);
