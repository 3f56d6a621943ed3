import { constantOf, valuesOf } from '../constant.js';
import { endpoint, specOf, type Attribute, type Constant, type GraphNode, type Ref, type TensorSpec } from '../graph.js';
import { constantAttributes, type StepGraph } from '../lower.js';
import { dtypeCode } from '../native-backend.js';

/** Lets a rule write new nodes. */
export interface Rewriter {
  /** The first output of a node of this kind over these inputs, which is made where there is none yet. */
  add(op: string, inputs: readonly Ref[], attributes: Readonly<Record<string, Attribute>>, output: TensorSpec): Ref;
  /** An int32 vector: a shape, axes. */
  integers(values: readonly number[]): Ref;
  /** The first output of a node of this kind over these inputs, where the graph has one so far. */
  existing(op: string, inputs: readonly Ref[]): Ref | undefined;
}

/** What stands for a node's first output instead of it, or undefined where the rule does not apply; the node's inputs are rewritten already. */
export type Rule = (node: GraphNode, to: Rewriter) => Ref | undefined;

/** Rewrites a graph node by node, and leaves out what nothing needs any more. */
export function rewrite({ graph, feeds, outputs, state }: StepGraph, rules: readonly Rule[]): StepGraph {
  const written: GraphNode[] = [];
  const known = new Map<string, Ref>();
  const replaced = new Map<string, Ref>();
  const keyOf = (op: string, inputs: readonly Ref[]): string => `${op} ${inputs.map(endpoint).join()}`;
  const write = (node: GraphNode): Ref => {
    written.push(node);
    const ref = { node, output: 0 };
    if (node.inputs.length > 0) known.set(keyOf(node.op, node.inputs), ref);
    return ref;
  };
  const to: Rewriter = {
    add: (op, inputs, attributes, output) => write({ name: `${op}_r${written.length}`, op, inputs, attributes, outputs: [output] }),
    integers(values) {
      const constant = constantOf(Int32Array.from(values), [values.length], 'int32');
      return write({ name: `Const_r${written.length}`, op: 'Const', inputs: [], attributes: constantAttributes(constant), outputs: [constant] });
    },
    existing: (op, inputs) => known.get(keyOf(op, inputs)),
  };
  const moved = (ref: Ref): Ref => replaced.get(endpoint(ref)) as Ref;

  for (const old of graph) {
    const node = { ...old, inputs: old.inputs.map(moved) };
    const ref = firstOf(rules, node, to) ?? write(node);
    old.outputs.forEach((_, output) => replaced.set(`${old.name}:${output}`, output === 0 ? ref : { node: ref.node, output }));
  }
  const result = {
    feeds: feeds.map(({ source, ref }) => ({ source, ref: moved(ref) })),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, ref]) => [name, moved(ref)])),
    state: state.map((ref) => ref && moved(ref)),
  };
  return { ...result, graph: needed(written, [...result.feeds.map(({ ref }) => ref), ...Object.values(result.outputs), ...result.state.filter((ref) => ref !== undefined)]) };
}

function firstOf(rules: readonly Rule[], node: GraphNode, to: Rewriter): Ref | undefined {
  for (const rule of rules) {
    const ref = rule(node, to);
    if (ref !== undefined) return ref;
  }
  return undefined;
}

function needed(graph: readonly GraphNode[], ends: readonly Ref[]): GraphNode[] {
  const names = new Set(ends.map(({ node }) => node.name));
  return graph
    .toReversed()
    .filter((node) => {
      if (!names.has(node.name)) return false;
      for (const input of node.inputs) names.add(input.node.name);
      return true;
    })
    .reverse();
}

/** The constant that a reference stands for, if it does. */
export function constantAt({ node }: Ref): Constant | undefined {
  const value = node.op === 'Const' ? node.attributes['value'] : undefined;
  return value?.kind === 'constant' ? value.value : undefined;
}

/** The one number that fills a tensor, where that is known beforehand. */
export function fillOf(ref: Ref): number | undefined {
  if (ref.node.op === 'Fill') return fillOf(ref.node.inputs[1] as Ref);
  const constant = constantAt(ref);
  if (constant === undefined) return undefined;
  const values = valuesOf(constant);
  return values.length === 1 ? values[0] : undefined;
}

/** Attribute `T`, or another, from a tensor's dtype. */
export const typeAttribute = (ref: Ref): Attribute => ({ kind: 'type', value: dtypeCode(specOf(ref).dtype) });
