type Fields = Readonly<Record<string, unknown>>;

/** Returns the fields of an object that was read from a file; none where it is no object. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Returns the fields that are finite numbers. */
export const numbersOf = (value: unknown): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(fieldsOf(value)).filter((entry): entry is [string, number] => isNumber(entry[1])));
