import { TemperError, unknownName, type Files, type OpenFile } from '@temper/core';

/** Bytes of a piece; small, so that rows and numbers are divided between pieces. */
const chunk = 61;

/** Files that exist only in memory, by path. */
export function memoryFiles(
  contents: Readonly<Record<string, Uint8Array | string>>,
  isPacked: (path: string) => boolean = () => false,
): Files {
  const bytesOf = (path: string): Uint8Array => {
    const content = contents[path];
    if (content === undefined) throw new TemperError({ code: 'data/not-found', message: unknownName('file', path, Object.keys(contents)) });
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return {
    read: async (path) => bytesOf(path),
    list: async (folder) => Object.keys(contents).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [])),
    open: async (path) => fileOf(bytesOf(path), isPacked(path)),
    async scratch() {
      const parts: Uint8Array[] = [];
      return {
        append: async (bytes) => void parts.push(bytes.slice()),
        finish: () => fileOf(Uint8Array.from(parts.flatMap((part) => [...part])), false),
      };
    },
  };
}

/** A packed file does not know the size of its content. */
const fileOf = (bytes: Uint8Array, isPacked: boolean): OpenFile => ({
  ...(isPacked ? {} : { size: bytes.length }),
  stored: bytes.length,
  async *chunks(onRead) {
    for (let at = 0; at < bytes.length; at += chunk) {
      onRead?.(Math.min(at + chunk, bytes.length));
      yield bytes.subarray(at, at + chunk);
    }
  },
  pieces: async (positions, length) => Uint8Array.from(Array.from(positions, (at) => [...bytes.subarray(at, at + length)]).flat()),
});
