import { kernelLevels, type KernelLevel } from '../backend/kernel-level.js';
import type { Attribute, Ref } from '../graph/graph.js';
import { endpoint } from '../graph/graph.js';
import { combined } from './combine.js';
import type { DivergencePart } from './divergence.js';
import { kinds, opcodes, spaces, type Further, type Instruction, type Opcode, type Value } from './instruction.js';
import { forwards, lastUses, placeRegisters } from './registers.js';
import type { Kind, Use, View } from './view.js';

/** The floats of a block: with some ten registers in use, all of it stays in the second-level cache (1,024 and 4,096 were no faster). */
const blockSize = 2048;

/** Writes the instructions of a kernel; values are referred to by number. */
export class Program {
  readonly inputs: Ref[] = [];
  readonly #values: Value[] = [];
  readonly #instructions: Instruction[] = [];
  readonly #constants: number[] = [];
  readonly #known = new Map<string, number>();
  readonly #furtherOf = new Map<string, Further>();
  #kind: Kind = 'full';
  #outputs = 0;
  #partials = 0;

  constructor(readonly view: View) {}

  /** Adds an input from outside in its form of use; the same use of the same tensor is one input. */
  input(ref: Ref, { kind, period }: Use): number {
    return this.#once(`input ${endpoint(ref)} ${kind}`, () => {
      const known = this.inputs.findIndex((one) => endpoint(one) === endpoint(ref));
      return this.#value({ kind, period, space: 'input', at: known < 0 ? this.inputs.push(ref) - 1 : known });
    });
  }

  number(value: number): number {
    return this.#once(`number ${Object.is(value, -0) ? '-0' : value}`, () =>
      this.#value({ kind: 'scalar', period: 0, space: 'constant', at: this.#constants.push(value) - 1 }),
    );
  }

  /** Adds two adjacent numbers, as one-hot uses them. */
  numbers(first: number, second: number): number {
    return this.#once(`numbers ${first} ${second}`, () =>
      this.#value({ kind: 'scalar', period: 0, space: 'constant', at: this.#constants.push(first, second) - 2 }),
    );
  }

  /** Gives elementwise results within `body` this kind. */
  as<T>(kind: Kind, body: () => T): T {
    const before = this.#kind;
    this.#kind = kind;
    const result = body();
    this.#kind = before;
    return result;
  }

  /** Adds an instruction; a result that exists already is not computed again. */
  add(op: Opcode, a: number, b: number = a): number {
    const kind = op.startsWith('row-') ? 'row' : this.#kind;
    return this.#once(`${op} ${kind} ${a} ${b}`, () => {
      const out = this.#value({ kind, period: 0, space: 'register', at: -1 });
      this.#instructions.push({ op, out, a, b });
      return out;
    });
  }

  /** Adds one result of the divergence between two tables of logits; all results of the same two tables come from one instruction. */
  divergence(part: DivergencePart, t: number, s: number, apart: number): number {
    const register = (kind: Kind): number => this.#value({ kind, period: 0, space: 'register', at: -1 });
    const more = this.#furtherOf.get(`${t} ${s} ${apart}`) ?? [-1, -1, register('full')];
    this.#furtherOf.set(`${t} ${s} ${apart}`, more);
    const value = this.#once(`divergence ${t} ${s} ${apart}`, () => {
      const out = register('row');
      this.#instructions.push({ op: 'divergence', out, a: t, b: s, c: apart, more });
      return out;
    });
    if (part === 'value') return value;
    const place = part === 'pull' ? 0 : 1;
    if (more[place] < 0) more[place] = register('full');
    return more[place];
  }

  /** Adds a sum over all rows; it is an output that no instruction can use. */
  sum(op: 'column-sum' | 'total', a: number): number {
    const width = op === 'total' ? 1 : this.view.columns;
    const partial = this.#value({ kind: op, period: 1, space: 'partial', at: this.#partials });
    this.#partials += width;
    const out = this.#value({ kind: op, period: 1, space: 'output', at: -1 });
    this.#instructions.push({ op, out: partial, a, b: out });
    return out;
  }

  /** Makes a value the next output. */
  output(value: number): void {
    const given = this.#values[value] as Value;
    const isFree = given.space === 'register' || (given.space === 'output' && given.at < 0);
    const target = isFree ? given : (this.#values[this.as(given.kind, () => this.#copy(value))] as Value);
    target.space = 'output';
    target.at = this.#outputs++;
  }

  #copy(value: number): number {
    const out = this.#value({ kind: (this.#values[value] as Value).kind, period: 0, space: 'register', at: -1 });
    this.#instructions.push({ op: 'copy', out, a: value, b: value });
    return out;
  }

  /** Returns the program as attributes of its node. */
  attributes(shapes: readonly (readonly number[])[], level: KernelLevel): Record<string, Attribute> {
    const { rows, columns } = this.view;
    const block = Math.min(rows, Math.max(1, Math.floor(blockSize / columns)));
    const instructions = combined(this.#values, this.#instructions);
    const last = lastUses(instructions);
    const scratch = placeRegisters(this.#values, instructions, last, { full: block * columns, row: block });
    const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
    return {
      level: { kind: 'int', value: kernelLevels.indexOf(level) },
      sizes: ints([rows, columns, block, scratch, this.#partials]),
      values: ints(this.#values.flatMap(({ space, kind, at, period }) => [spaces[space], kinds[kind], at, period])),
      code: ints(instructions.flatMap(({ op, out, a, b, c = a, more = [-1, -1, -1] }) => [opcodes.indexOf(op), out, a, b, c, ...more])),
      shapes: ints(shapes.flatMap((shape) => [shape.length, ...shape])),
      constants: { kind: 'floats', value: this.#constants },
      forwards: ints(forwards(this.#values, instructions, last, this.#outputs).flatMap((inputs) => [inputs.length, ...inputs])),
    };
  }

  #value(value: Value): number {
    return this.#values.push(value) - 1;
  }

  #once(key: string, make: () => number): number {
    const value = this.#known.get(key) ?? make();
    this.#known.set(key, value);
    return value;
  }
}
