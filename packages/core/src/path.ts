/** Where something stands in a config: `['stages', 0, 'temperature', 'from']`. */
export type Path = readonly PropertyKey[];

/** `['stages', 0, 'temperature', 'from']` as people write it: `stages[0].temperature.from`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** The way back from `formatPath`. */
export function parsePath(path: string): PropertyKey[] {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? unescaped(quoted) : (name as string),
  );
}

/** The name that `formatPath` wrote between quotes; what is no such text, typed by hand, is taken as it stands. */
function unescaped(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}

/** A path as errors hold it, from a path or its text. */
export const asPath = (path: Path | string = []): Path => (typeof path === 'string' ? parsePath(path) : path);

/** Whether a path leads to a place or into it. */
export const isWithin = (path: Path, place: Path): boolean => place.every((key, i) => path[i] === key);
