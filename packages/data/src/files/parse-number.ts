const [point, plus, minus] = [0x2e, 0x2b, 0x2d];
/** Powers of ten that are exact in float64. */
const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Digits of an integer that float64 holds exactly, and of one that two of them hold. */
const [digitsOfOne, digitsOfTwo] = [15, 19];
/** Digits of an integer that 32 bits hold. */
const digitsOfInteger = 9;

/**
 * Parses the decimal number that begins at `start`, writes it to `into[place]` and returns its end; −1 where there is none, or where
 * float32 cannot hold it. The value is that of `Number()` to the last bit. A number must be followed by another byte.
 */
export function parseNumber(bytes: Uint8Array, start: number, into: Float64Array, place: number): number {
  let i = start;
  let byte = bytes[i] as number;
  const isNegative = byte === minus;
  if (isNegative || byte === plus) byte = bytes[++i] as number;
  const first = i;
  let mantissa = 0;
  // Overflows for more than nine digits, and is not used then.
  for (; byte >= 0x30 && byte <= 0x39; byte = bytes[++i] as number) mantissa = (Math.imul(mantissa, 10) + (byte - 0x30)) | 0;
  let digits = i - first;
  let decimals = 0;
  if (byte === point) {
    const from = ++i;
    byte = bytes[i] as number;
    for (; byte >= 0x30 && byte <= 0x39; byte = bytes[++i] as number) mantissa = (Math.imul(mantissa, 10) + (byte - 0x30)) | 0;
    decimals = i - from;
    digits += decimals;
  }
  if (digits === 0) return -1;
  if (digits > digitsOfInteger || byte === 0x65 || byte === 0x45) return parseLong(bytes, start, into, place);
  // One rounding, as both are exact.
  const value = mantissa / (powers[decimals] as number);
  into[place] = isNegative ? -value : value;
  return i;
}

/** A number with many digits or an exponent. */
function parseLong(bytes: Uint8Array, start: number, into: Float64Array, place: number): number {
  const isNegative = bytes[start] === minus;
  let i = isNegative || bytes[start] === plus ? start + 1 : start;
  let byte = bytes[i] as number;
  /** The first fifteen significant digits, and the next four. */
  let [high, low] = [0, 0];
  let significant = 0;
  let exponent = 0;
  let isFraction = false;
  for (; ; byte = bytes[++i] as number) {
    if (byte >= 0x30 && byte <= 0x39) {
      const digit = byte - 0x30;
      if (isFraction) exponent--;
      if (significant < digitsOfOne) high = high * 10 + digit;
      else if (significant < digitsOfTwo) low = low * 10 + digit;
      if (significant > 0 || digit > 0) significant++;
    } else if (byte === point && !isFraction) isFraction = true;
    else break;
  }
  if (byte === 0x65 || byte === 0x45) {
    const sign = bytes[i + 1] === minus ? -1 : 1;
    if (bytes[i + 1] === minus || bytes[i + 1] === plus) i++;
    byte = bytes[++i] as number;
    if (!(byte >= 0x30 && byte <= 0x39)) return -1;
    let written = 0;
    for (; byte >= 0x30 && byte <= 0x39; byte = bytes[++i] as number) written = written * 10 + (byte - 0x30);
    exponent += sign * written;
  }
  const size = sizeOf(high, low, significant, exponent);
  const value = Number.isNaN(size) ? Number(ascii(bytes, start, i)) : isNegative ? -size : size;
  into[place] = value;
  return Number.isFinite(Math.fround(value)) ? i : -1;
}

/** The number with these digits and this exponent, NaN where it cannot be rounded here for certain. */
function sizeOf(high: number, low: number, significant: number, exponent: number): number {
  if (!(exponent >= -22 && exponent <= 22) || significant > digitsOfTwo) return Number.NaN;
  const power = powers[Math.abs(exponent)] as number;
  if (significant <= digitsOfOne) return exponent < 0 ? high / power : high * power;
  return exponent < 0 ? quotient(high, low, significant, power) : product(high, low, significant, power);
}

/*
 * Numbers as unevaluated sums of two float64 (T. J. Dekker, "A floating-point technique for extending the available precision", 1971):
 * of integers with up to 19 digits these are exact, and of a quotient by a power of ten the error is below 2⁻¹⁰⁰ of it.
 */

/** What float64 rounds off in a · b, where `ab` is that product. */
function productError(a: number, b: number, ab: number): number {
  const [aBig, bBig] = [134217729 * a, 134217729 * b];
  const [aHigh, bHigh] = [aBig - (aBig - a), bBig - (bBig - b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aLow * bLow - (ab - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** (high · 10^k + low) / power. */
function quotient(high: number, low: number, significant: number, power: number): number {
  const shift = powers[significant - digitsOfOne] as number;
  const shifted = high * shift;
  const top = shifted + low;
  const rest = shifted - top + low + productError(high, shift, shifted);
  const first = top / power;
  const back = first * power;
  return rounded(first, (top - back - productError(first, power, back) + rest) / power);
}

/** (high · 10^k + low) · power. */
function product(high: number, low: number, significant: number, power: number): number {
  const shift = powers[significant - digitsOfOne] as number;
  const shifted = high * shift;
  const top = shifted + low;
  const rest = shifted - top + low + productError(high, shift, shifted);
  const first = top * power;
  return rounded(first, productError(top, power, first) + rest * power);
}

/** The float64 nearest to `one + other`, whose error is far below a rounding; NaN if another one might be equally near. */
function rounded(one: number, other: number): number {
  const sum = one + other;
  const left = other - (sum - one);
  const doubt = sum * 2 ** -95;
  return sum + (left + doubt) === sum && sum + (left - doubt) === sum ? sum : Number.NaN;
}

/** A few bytes as text, faster than a decoder for texts this short. */
function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}
