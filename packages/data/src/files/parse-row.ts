import { parseNumber } from './parse-number.js';

/** Which columns of a row are numbers, and which one is the label. */
export interface RowShape {
  /** The separator, one byte. */
  readonly separator: number;
  /** For each column the place of its number among the inputs, `labelColumn`, or `skippedColumn`. */
  readonly roles: Int32Array;
  /** Whether each row ends with a separator. */
  readonly trailing: boolean;
}

export const labelColumn = -1;
export const skippedColumn = -2;

/** Parses rows from bytes, without decoding text. */
export interface RowParser {
  /**
   * Parses the row that begins at `start`, writes its numbers to `into` from `at` on, and returns where the next row begins; −1 for a row
   * that holds quotes or other special cells, which must be split cell by cell. The row must end with a line end.
   */
  parse(bytes: Uint8Array, start: number, into: Float64Array, at: number): number;
  /** Where the label of the row begins and ends. */
  labelFrom: number;
  labelTo: number;
}

const [quote, newline, carriageReturn, space] = [0x22, 0x0a, 0x0d, 0x20];
const isLineEnd = (byte: number): boolean => byte === newline || byte === carriageReturn;

export function rowParser({ separator, roles, trailing }: RowShape): RowParser {
  const padding = separator === space ? -1 : space;

  const parser: RowParser = {
    labelFrom: 0,
    labelTo: 0,
    parse(bytes, start, into, at) {
      const last = roles.length - 1;
      let i = start;
      for (let column = 0; column <= last; column++) {
        const role = roles[column] as number;
        const isQuoted = bytes[i] === quote;
        if (isQuoted) i++;
        if (role >= 0) {
          while (bytes[i] === padding) i++;
          i = parseNumber(bytes, i, into, at + role);
          if (i < 0) return -1;
          while (bytes[i] === padding) i++;
        } else {
          const from = i;
          let byte = bytes[i] as number;
          if (isQuoted) while (byte !== quote && !isLineEnd(byte)) byte = bytes[++i] as number;
          else while (byte !== separator && !isLineEnd(byte)) byte = bytes[++i] as number;
          if (role === labelColumn) {
            parser.labelFrom = from;
            parser.labelTo = i;
          }
        }
        if (isQuoted && bytes[i++] !== quote) return -1;
        if (column < last && bytes[i++] !== separator) return -1;
      }
      if (trailing && bytes[i++] !== separator) return -1;
      if (bytes[i] === carriageReturn) return bytes[i + 1] === newline ? i + 2 : i + 1;
      return bytes[i] === newline ? i + 1 : -1;
    },
  };
  return parser;
}
