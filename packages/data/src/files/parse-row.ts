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

/** Parses rows without a detour over text. */
export interface RowParser {
  /**
   * Parses the row that begins at `start`, writes its numbers to `into` from `at` on, and returns where the next row begins; −1 for a row
   * that is anything but plain numbers and texts, which has to be split with care. The row must end with a line end.
   */
  parse(bytes: Uint8Array, start: number, into: Float64Array, at: number): number;
  /** Where the label of the row begins and ends. */
  labelFrom: number;
  labelTo: number;
}

const [quote, newline, carriageReturn, space, point, plus, minus] = [0x22, 0x0a, 0x0d, 0x20, 0x2e, 0x2b, 0x2d];
/** Powers of ten that are exact in float64. */
const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isLineEnd = (byte: number): boolean => byte === newline || byte === carriageReturn;

export function rowParser({ separator, roles, trailing }: RowShape): RowParser {
  const padding = separator === space ? -1 : space;
  let number = 0;

  /**
   * Parses a number from `i` on into `number`; returns its end, −1 where there is none. A mantissa below 2⁵³ times or divided by an exact
   * power of ten is rounded once, so that the result is that of `Number()`; other numbers are left to it.
   */
  function numberAt(bytes: Uint8Array, start: number): number {
    let i = start;
    let byte = bytes[i] as number;
    if (byte === minus || byte === plus) byte = bytes[++i] as number;
    let mantissa = 0;
    let digits = 0;
    let exponent = 0;
    for (; isDigit(byte); byte = bytes[++i] as number, digits++) mantissa = mantissa * 10 + (byte - 0x30);
    if (byte === point) {
      byte = bytes[++i] as number;
      for (; isDigit(byte); byte = bytes[++i] as number, exponent--) mantissa = mantissa * 10 + (byte - 0x30);
      digits -= exponent;
    }
    if (digits === 0) return -1;
    if (byte === 0x65 || byte === 0x45) {
      const sign = bytes[i + 1] === minus ? -1 : 1;
      if (bytes[i + 1] === minus || bytes[i + 1] === plus) i++;
      byte = bytes[++i] as number;
      if (!isDigit(byte)) return -1;
      let written = 0;
      for (; isDigit(byte); byte = bytes[++i] as number) written = written * 10 + (byte - 0x30);
      exponent += sign * written;
    }
    if (mantissa < 2 ** 53 && exponent >= -22 && exponent <= 22) {
      number = exponent < 0 ? mantissa / (powers[-exponent] as number) : mantissa * (powers[exponent] as number);
      if (bytes[start] === minus) number = -number;
      return i;
    }
    number = Number(ascii(bytes, start, i));
    return Number.isFinite(Math.fround(number)) ? i : -1;
  }

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
          i = numberAt(bytes, i);
          if (i < 0) return -1;
          into[at + role] = number;
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

/** A few bytes as text, faster than a decoder for texts this short. */
function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}
