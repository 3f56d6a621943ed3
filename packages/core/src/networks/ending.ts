/** The function at the end of a classifier that converts logits to probabilities. */
export type Ending = 'softmax' | 'sigmoid';

/** The key under which a model made by Temper stores the ending that was removed. */
const removed = Symbol.for('temper.removedEnding');

/** Stores on a model made by Temper that `ending` was removed; returns the model. */
export const withRemovedEnding = <M extends object>(model: M, ending: Ending): M => Object.assign(model, { [removed]: ending });

/** Returns the ending that Temper removed when it made this model, if any. */
export const removedEnding = (model: object): Ending | undefined => (model as { readonly [removed]?: Ending })[removed];
