/** The formulas in float64, for the tests: what each optimizer's docstring says, written out as it stands there. */
export type Vector = readonly number[];
export type Reference = (weights: Vector, gradients: readonly Vector[], rates: Vector) => number[];

interface SgdOptions {
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

export function referenceSgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions): Reference {
  return (start, gradients, rates) =>
    start.map((weight, i) => {
      let w = weight;
      let v = 0;
      gradients.forEach((gradient, t) => {
        const g = (gradient[i] as number) + weightDecay * w;
        v = momentum * v + g;
        w -= (rates[t] as number) * (nesterov ? g + momentum * v : v);
      });
      return w;
    });
}

interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

export function referenceAdam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions): Reference {
  return (start, gradients, rates) =>
    start.map((weight, i) => {
      let [w, m, v] = [weight, 0, 0];
      gradients.forEach((gradient, t) => {
        const g = gradient[i] as number;
        const rate = rates[t] as number;
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        const corrected = m / (1 - beta1 ** (t + 1)) / (Math.sqrt(v / (1 - beta2 ** (t + 1))) + epsilon);
        w = (1 - rate * weightDecay) * w - rate * corrected;
      });
      return w;
    });
}
