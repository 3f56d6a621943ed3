/** A place in a config: `['stages', 0, 'temperature', 'from']`. */
export type Path = readonly PropertyKey[];

/** Formats `['stages', 0, 'temperature', 'from']` as `stages[0].temperature.from`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** Parses a path written by `formatPath`. */
export function parsePath(path: string): PropertyKey[] {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? unescaped(quoted) : (name as string),
  );
}

/** Returns the name that `formatPath` wrote in quotes; other text, typed by hand, is returned unchanged. */
function unescaped(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}

/** Returns the path of an error from a path or its text. */
export const asPath = (path: Path | string = []): Path => (typeof path === 'string' ? parsePath(path) : path);

/** Returns whether a path is at or below a place. */
export const isWithin = (path: Path, place: Path): boolean => place.every((key, i) => path[i] === key);
