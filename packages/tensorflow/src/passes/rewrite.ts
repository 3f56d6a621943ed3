import { valuesOf } from '../graph/constant.js';
import { graphWriter, typeOf, type GraphWriter } from '../graph/graph-writer.js';
import { endpoint, specOf, type Attribute, type Constant, type Graph, type GraphNode, type Ref } from '../graph/graph.js';
import type { StepGraph } from '../graph/lower.js';

/** Lets a rule write new nodes. */
export interface Rewriter extends Pick<GraphWriter, 'add' | 'integers'> {
  /** Returns the first output of a node of this kind over these inputs, if the graph has one so far. */
  existing(op: string, inputs: readonly Ref[]): Ref | undefined;
  /** Returns the replacement of a tensor of the original graph; it has to come before the node that is rewritten. */
  now(ref: Ref): Ref;
}

/**
 * Returns the replacement of a node's first output, or undefined where the rule does not apply; the node's inputs are already rewritten.
 */
export type Rule = (node: GraphNode, to: Rewriter) => Ref | undefined;

/** Rewrites a graph node by node, and removes nodes that are no longer needed. */
export function rewrite({ graph, feeds, outputs, state }: StepGraph, rules: readonly Rule[]): StepGraph {
  const writer = graphWriter();
  const known = new Map<string, Ref>();
  const moved = new Map<string, Ref>();
  const keyOf = (op: string, inputs: readonly Ref[]): string => `${op} ${inputs.map(endpoint).join()}`;
  const now = (ref: Ref): Ref => moved.get(endpoint(ref)) as Ref;
  const to: Rewriter = {
    add(op, inputs, attributes, ...specs) {
      const ref = writer.add(op, inputs, attributes, ...specs);
      if (inputs.length > 0) known.set(keyOf(op, inputs), ref);
      return ref;
    },
    integers: (values) => writer.integers(values),
    existing: (op, inputs) => known.get(keyOf(op, inputs)),
    now,
  };

  for (const old of graph) {
    const node = { ...old, inputs: old.inputs.map(now) };
    const ref = firstOf(rules, node, to) ?? to.add(node.op, node.inputs, node.attributes, ...node.outputs);
    old.outputs.forEach((_, output) => moved.set(`${old.name}:${output}`, output === 0 ? ref : { node: ref.node, output }));
  }
  const result = {
    feeds: feeds.map(({ source, ref }) => ({ source, ref: now(ref) })),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, ref]) => [name, now(ref)])),
    state: state.map((ref) => ref && now(ref)),
  };
  const ends = [
    ...result.feeds.map(({ ref }) => ref),
    ...Object.values(result.outputs),
    ...result.state.filter((ref) => ref !== undefined),
  ];
  return { ...result, graph: needed(writer.graph, ends) };
}

function firstOf(rules: readonly Rule[], node: GraphNode, to: Rewriter): Ref | undefined {
  for (const rule of rules) {
    const ref = rule(node, to);
    if (ref !== undefined) return ref;
  }
  return undefined;
}

function needed(graph: Graph, ends: readonly Ref[]): GraphNode[] {
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

/** Returns the constant of a reference, if it is one. */
export function constantAt({ node }: Ref): Constant | undefined {
  const value = node.op === 'Const' ? node.attributes['value'] : undefined;
  return value?.kind === 'constant' ? value.value : undefined;
}

/** Returns the number that fills a tensor, if it is known beforehand. */
export function fillOf(ref: Ref): number | undefined {
  if (ref.node.op === 'Fill') return fillOf(ref.node.inputs[1] as Ref);
  const constant = constantAt(ref);
  if (constant === undefined) return undefined;
  const values = valuesOf(constant);
  return values.length === 1 ? values[0] : undefined;
}

/** Returns the attribute `T`, or another one, from a tensor's dtype. */
export const typeAttribute = (ref: Ref): Attribute => typeOf(specOf(ref));
