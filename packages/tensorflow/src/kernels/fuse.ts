import type { KernelLevel } from '../backend/kernel-level.js';
import { typeOf } from '../graph/graph-writer.js';
import { endpoint, specOf, type GraphNode, type Ref } from '../graph/graph.js';
import type { StepGraph } from '../graph/lower.js';
import { fillOf } from '../passes/rewrite.js';
import { connections } from './connections.js';
import { divergenceOp, divergences } from './divergence.js';
import { findGroups, type Group } from './groups.js';
import type { Fusable } from './operations.js';
import { inOrder, type Unit } from './order.js';
import { Program } from './program.js';
import { recomputed } from './recompute.js';
import { isNumber, type Use } from './view.js';

/** A planned kernel: the nodes that it can compute, and the results that are needed. */
interface Kernel {
  readonly group: Group;
  readonly members: ReadonlyMap<GraphNode, Fusable>;
  readonly needed: Set<GraphNode>;
  /** The results that other nodes use. */
  readonly results: Map<string, Ref>;
}

/**
 * Computes sums over rows and elementwise operations in Temper's kernels, each in one pass over memory. Kernels of elementwise operations
 * alone, such as an optimizer's, are faster only with AVX-512: with AVX2 they take as long as TensorFlow's (benchmarks/RESULTS.md).
 */
export function fuse(step: StepGraph, level: KernelLevel, elementwise = level === 'avx512'): StepGraph {
  const fused = inKernels(divergences(step), level, elementwise);
  // An operation that TensorFlow does not know has to be inside of a kernel.
  return fused.graph.some(({ op }) => op === divergenceOp) ? inKernels(step, level, elementwise) : fused;
}

function inKernels(step: StepGraph, level: KernelLevel, elementwise: boolean): StepGraph {
  const links = connections(step.graph);
  const groups = findGroups(step.graph, links, elementwise);
  const again = recomputed(groups, links);
  const kernels = groups.map(
    (group): Kernel => ({
      group,
      members: new Map([...group.members, ...(again.get(group) ?? [])]),
      needed: new Set(),
      results: new Map(),
    }),
  );
  const owners = new Map(kernels.flatMap((kernel) => [...kernel.group.members.keys()].map((node) => [node, kernel] as const)));
  findNeeded(step, owners);
  return rewire(
    step,
    kernels.filter(({ results }) => results.size > 0),
    owners,
    level,
  );
}

/** Finds the needed results, backwards from the fetches and from other nodes: unused results of a kernel are left out. */
function findNeeded({ graph, outputs, state }: StepGraph, owners: ReadonlyMap<GraphNode, Kernel>): void {
  const open: { kernel: Kernel; node: GraphNode }[] = [];
  const want = (ref: Ref): void => {
    const kernel = owners.get(ref.node);
    if (kernel === undefined || kernel.results.has(endpoint(ref))) return;
    kernel.results.set(endpoint(ref), ref);
    open.push({ kernel, node: ref.node });
  };
  for (const ref of [...Object.values(outputs), ...state]) if (ref !== undefined) want(ref);
  for (const node of graph) if (!owners.has(node)) node.inputs.forEach(want);
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { kernel, node } = one;
    if (kernel.needed.has(node)) continue;
    kernel.needed.add(node);
    for (const ref of operandsOf(node, kernel)) {
      if (kernel.members.has(ref.node)) open.push({ kernel, node: ref.node });
      else want(ref);
    }
  }
}

const operandsOf = (node: GraphNode, { members }: Kernel): Ref[] => (members.get(node)?.uses ?? []).map((_, i) => node.inputs[i] as Ref);

/** Returns the graph with kernels in place of their members. */
function rewire(step: StepGraph, kernels: readonly Kernel[], owners: ReadonlyMap<GraphNode, Kernel>, level: KernelLevel): StepGraph {
  const place = new Map(step.graph.map((node, i) => [node, i]));
  const moved = new Map<string, Ref>();
  const now = (ref: Ref): Ref => moved.get(endpoint(ref)) ?? ref;
  const rest = step.graph.filter((node) => !owners.has(node));
  const units: Unit<GraphNode, GraphNode | Kernel>[] = [
    ...rest.map((node) => ({ makes: [node], takes: node.inputs.map((input) => input.node), unit: node })),
    ...kernels.map((kernel) => ({
      makes: [...kernel.results.values()].map(({ node }) => node),
      takes: [...kernel.needed].flatMap((node) =>
        operandsOf(node, kernel)
          .map((ref) => ref.node)
          .filter((before) => !kernel.needed.has(before)),
      ),
      unit: kernel,
    })),
  ];
  const graph: GraphNode[] = [];
  for (const unit of inOrder(units, (node) => place.get(node) as number)) {
    const node =
      'op' in unit ? { ...unit, inputs: unit.inputs.map(now) } : kernelNode(`TemperRows_${graph.length}`, unit, level, place, now);
    graph.push(node);
    const results = 'op' in unit ? unit.outputs.map((_, output) => ({ node: unit, output })) : [...unit.results.values()];
    results.forEach((ref, output) => moved.set(endpoint(ref), { node, output }));
  }
  return {
    graph,
    feeds: step.feeds.map(({ source, ref }) => ({ source, ref: now(ref) })),
    outputs: Object.fromEntries(Object.entries(step.outputs).map(([name, ref]) => [name, now(ref)])),
    state: step.state.map((ref) => ref && now(ref)),
  };
}

function kernelNode(
  name: string,
  { group, members, needed, results }: Kernel,
  level: KernelLevel,
  place: ReadonlyMap<GraphNode, number>,
  now: (ref: Ref) => Ref,
): GraphNode {
  const program = new Program(group.view);
  const values = new Map<GraphNode, number>();
  const valueOf = (ref: Ref, use: Use): number =>
    values.get(ref.node) ?? (isNumber(ref) ? program.number(fillOf(ref) as number) : program.input(ref, use));
  for (const node of [...needed].sort((a, b) => (place.get(a) as number) - (place.get(b) as number))) {
    const { uses, emit } = members.get(node) as Fusable;
    values.set(
      node,
      emit(
        program,
        uses.map((use, i) => valueOf(node.inputs[i] as Ref, use)),
      ),
    );
  }
  const outputs = [...results.values()];
  for (const { node } of outputs) program.output(values.get(node) as number);
  const specs = outputs.map(specOf);
  return {
    name,
    op: 'TemperRows',
    inputs: program.inputs.map(now),
    attributes: {
      Tin: { kind: 'types', value: program.inputs.map((ref) => (typeOf(specOf(ref)) as { value: number }).value) },
      N: { kind: 'int', value: outputs.length },
      ...program.attributes(
        specs.map(({ shape }) => shape),
        level,
      ),
    },
    outputs: specs,
  };
}
