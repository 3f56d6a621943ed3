/** The lines of a file, for messages; they are only looked for when a message needs them. */
export interface SourceLines {
  /** Where the row begins that follows a position, behind comments. */
  rowFrom(position: number): number;
  /** Number of the line that a position is in, from 1. */
  numberAt(position: number): number;
  /** The line that begins at a position, `Line 4: 1,2,rose`; of a long one the cells around `column`. */
  quote(position: number, cells?: readonly string[], column?: number): string;
  /** Comments behind a position, without what marks them. */
  commentsAfter(position: number): string[];
}

const longest = 72;

export function sourceLines(text: string, comments: string | false): SourceLines {
  const endOf = (position: number): number => {
    const found = /\r\n|\n|\r/.exec(text.slice(position, position + 1e6));
    return found === null ? text.length : position + found.index;
  };
  const after = (end: number): number => (text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length));
  const isComment = (position: number): boolean => comments !== false && text.startsWith(comments, position);
  const numberAt = (position: number): number => 1 + (text.slice(0, position).match(/\r\n|\n|\r/g)?.length ?? 0);
  return {
    numberAt,
    rowFrom(position) {
      let at = position;
      while (at < text.length && isComment(at)) at = after(endOf(at));
      return at;
    },
    quote(position, cells, column) {
      const line = text.slice(position, endOf(position)).trim();
      return `Line ${numberAt(position)}: ${line.length <= longest ? line : shortened(line, cells, column)}`;
    },
    commentsAfter(position) {
      if (comments === false || !text.includes(`\n${comments}`, position)) return [];
      return text
        .slice(position)
        .split(/\r\n|\n|\r/)
        .flatMap((line) => (line.startsWith(comments) ? [line.slice(comments.length).trim()] : []));
    },
  };
}

function shortened(line: string, cells: readonly string[] | undefined, column: number | undefined): string {
  if (cells === undefined || column === undefined) return `${line.slice(0, longest)} …`;
  const from = Math.max(0, column - 3);
  const part = cells.slice(from, column + 4).join(', ');
  return `${from > 0 ? '… ' : ''}${part.slice(0, longest)}${column + 4 < cells.length ? ' …' : ''}`;
}
