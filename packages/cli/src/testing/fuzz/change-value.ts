import type { RandomStream } from '@temper/core';
import { oddJson, oddLive, oddNumbers, oneOf } from './odd-values.js';

/** The values that replace others. */
export interface ChangeOptions {
  /** Other valid values, whose parts and names are mixed in. */
  readonly donors?: readonly unknown[];
  /** Whether values that only a program can create are used: getters, symbols, circles. */
  readonly live?: boolean;
}

type Holder = Record<PropertyKey, unknown>;
interface Place {
  readonly holder: Holder;
  readonly key: PropertyKey;
}

/**
 * Returns a copy of a JSON value with one to four changes of its structure: most of it is unchanged, so that reading continues into its
 * parts.
 */
export function changedValue(value: unknown, random: RandomStream, { donors = [], live = false }: ChangeOptions = {}): unknown {
  const root: Holder = { value: structured(value) };
  const odd = (): unknown => (live && random.integer(2) === 0 ? oddLive(random) : oddJson(random));
  for (let left = 1 + random.integer(3) * random.integer(2); left >= 0; left--) {
    const places = placesIn(root);
    try {
      change(oneOf(places, random), places, random, donors, odd);
    } catch {
      // A frozen object or a proxy from an earlier change stays unchanged.
    }
    if (random.integer(2) === 0) break;
  }
  return root['value'];
}

function change(
  { holder, key }: Place,
  places: readonly Place[],
  random: RandomStream,
  donors: readonly unknown[],
  odd: () => unknown,
): void {
  const value = holder[key];
  switch (random.integer(10)) {
    case 0:
      return remove(holder, key);
    case 1: {
      const name = random.integer(4) === 0 ? '__proto__' : nameFrom(donors, random);
      return isHolder(value) ? define(value, name, odd()) : define(holder, key, odd());
    }
    case 2: {
      const other = oneOf(places, random);
      return define(holder, key, structured(other.holder[other.key]));
    }
    case 3: {
      const donor = oneOf(placesIn({ value: donors.length === 0 ? null : oneOf(donors, random) }), random);
      return define(holder, key, structured(donor.holder[donor.key]));
    }
    case 4:
      if (typeof value === 'number')
        return define(holder, key, oneOf([-value, value + 0.5, value * 1000, value / 3, String(value), [value]], random));
      if (Array.isArray(value))
        return define(
          holder,
          key,
          Array.from({ length: oneOf([2, 20, 1500], random) }, () => value[0] as unknown),
        );
      return define(holder, key, [value]);
    case 5:
      return define(holder, key, { ...(isHolder(value) ? value : {}), type: nameFrom(donors, random) });
    case 6:
      return define(holder, key, oneOf(oddNumbers, random));
    default:
      return define(holder, key, odd());
  }
}

/** Defines an own property, also with the name `__proto__`. */
function define(holder: object, key: PropertyKey, value: unknown): void {
  if (Array.isArray(holder) && key === 'length') return;
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove(holder: Holder, key: PropertyKey): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (key !== 'value' || Object.keys(holder).length > 1) Reflect.deleteProperty(holder, key);
}

/** The maximum number of places that are considered: a value may have become wide. */
const most = 3000;

function placesIn(root: object): Place[] {
  const places: Place[] = [];
  const open: unknown[] = [root];
  const seen = new Set<unknown>();
  for (let holder = open.pop(); holder !== undefined && places.length < most; holder = open.pop()) {
    if (seen.has(holder)) continue;
    seen.add(holder);
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(holder as Holder))) {
      if (Array.isArray(holder) && key === 'length') continue;
      places.push({ holder: holder as Holder, key });
      if (isHolder(value)) open.push(value);
    }
  }
  return places;
}

/** Returns whether a value is a plain object or list: other values are not entered. */
const isHolder = (value: unknown): value is Holder => {
  try {
    return Array.isArray(value) || (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);
  } catch {
    return false;
  }
};

/** Returns a copy where that is possible; else the value itself, which nests too deeply or has a type that cannot be copied. */
function structured(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}

function nameFrom(donors: readonly unknown[], random: RandomStream): string {
  const places = placesIn({ value: donors.length === 0 ? { type: 'linear' } : oneOf(donors, random) }).slice(1);
  const texts = places.flatMap(({ holder, key }) => [String(key), ...(typeof holder[key] === 'string' ? [holder[key]] : [])]);
  return texts.length === 0 ? 'type' : oneOf(texts, random);
}
