/** A config that trains in a moment: 8 updates of a small student. */
export const small = {
  data: { type: 'digits', train: 200, validation: 40, test: 40 },
  teacher: { model: { type: 'mlp', hidden: [32] }, train: { epochs: 1 } },
  student: { model: { type: 'mlp', hidden: [8] } },
  epochs: 2,
} as const;
