/** Measures of one softened prediction, given its label. */
export interface Measures {
  /** H(p) = −Σ_c p_c log p_c, in nats: 0 to log C. */
  readonly entropy: number;
  /** w = 1 − p_y: the probability of all classes but the label. */
  readonly wrongMass: number;
  /** log(C − 1) − H(q), in nats, with q = p / w over the wrong classes: 0 where all wrong classes are equally likely. */
  readonly contrast: number;
  /** w · contrast, in nats: the information of the prediction about the similarity of its sample to each wrong class. */
  readonly information: number;
}

/**
 * Measures one prediction. The entropy splits into H(p) = h(w) + w·H(q), where h(w) is how sure the label is and H(q) how the rest is
 * shared among the wrong classes. A uniform rest tells nothing about similarity, so the information is w·(log(C − 1) − H(q)): the
 * distance of the rest from a uniform one, weighted by its probability.
 * @param p Probabilities of all classes; their sum is 1.
 * @example measure([0.8, 0.2, 0], 0).information // 0.2 · log 2 = 0.1386
 */
export function measure(p: ArrayLike<number>, label: number): Measures {
  let entropy = 0;
  let wrongMass = 0;
  let wrongEntropy = 0;
  for (let c = 0; c < p.length; c++) {
    const one = p[c] as number;
    const term = one > 0 ? -one * Math.log(one) : 0;
    entropy += term;
    if (c === label) continue;
    // Not 1 − p_y, which is inaccurate where p_y is near 1.
    wrongMass += one;
    wrongEntropy += term;
  }
  // H(q) = (Σ −p log p) / w + log w over the wrong classes.
  const contrast = wrongMass > 0 ? Math.max(0, Math.log(p.length - 1) - wrongEntropy / wrongMass - Math.log(wrongMass)) : 0;
  return { entropy, wrongMass, contrast, information: wrongMass * contrast };
}
