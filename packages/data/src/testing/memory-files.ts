import { TemperError, unknownName, type Files } from '@temper/core';

/** Files that exist only in memory, by path. */
export const memoryFiles = (contents: Readonly<Record<string, Uint8Array | string>>): Files => ({
  async read(path) {
    const content = contents[path];
    if (content === undefined) throw new TemperError({ code: 'data/not-found', message: unknownName('file', path, Object.keys(contents)) });
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  },
  async list(folder) {
    return Object.keys(contents).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []));
  },
});
