/** Stretches of this length that are over at a step; where it is a broken number, the k-th begins at round(k·length). */
export const completed = (step: number, length: number): number => Math.ceil((step + 0.5) / length) - 1;
