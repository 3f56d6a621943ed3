/** The function at the end of a classifier that converts logits to probabilities. */
export type Ending = 'softmax' | 'sigmoid';

/** The key under which a model that Temper made remembers what it no longer ends with. */
const removed = Symbol.for('temper.removedEnding');

/** Remembers on a model made by Temper that `ending` was removed from its end; returns the model. */
export const withRemovedEnding = <M extends object>(model: M, ending: Ending): M => Object.assign(model, { [removed]: ending });

/** The ending that Temper removed when it made this model, if any. */
export const removedEnding = (model: object): Ending | undefined => (model as { readonly [removed]?: Ending })[removed];
