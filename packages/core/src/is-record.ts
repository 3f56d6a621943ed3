/** Whether a value has members that can be asked for by name; a list counts, for its members are checked one by one. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
