/** Chains of grants drawn as one graph: what they have in common is drawn once, and every line goes to the right. */
import { type Content, type Element, h } from './element.ts';

export interface GraphNode {
  readonly kind: 'account' | 'role' | 'privilege' | 'outcome';
  readonly label: string;
}

export interface Chain {
  readonly nodes: readonly GraphNode[];
  /** Whether the policy rules out what it leads to. */
  readonly broken: boolean;
}

interface Placed extends GraphNode {
  readonly key: string;
  readonly column: number;
  readonly broken: boolean;
  order: number;
}

interface Edge {
  readonly from: Placed;
  readonly to: Placed;
  readonly broken: boolean;
}

const CHARACTER = 7.3;
const LONGEST_LABEL = 40;
const HEIGHT = 30;
const GAP_X = 36;
const GAP_Y = 12;
const PADDING = 12;
const MARGIN = 6;

/** `from`: chains begin in the same column, or end there. */
export function drawGraph(chains: readonly Chain[], from: 'start' | 'end', title: string): Element {
  const { nodes, edges } = merge(chains, from);
  const columns = columnsOf(nodes, edges);
  const widths = columns.map((column) => Math.max(...column.map(({ label }) => widthOf(label))));
  const lefts = widths.map((_, at) => MARGIN + widths.slice(0, at).reduce((sum, width) => sum + width + GAP_X, 0));
  const tallest = Math.max(...columns.map((column) => column.length));
  const height = 2 * MARGIN + tallest * (HEIGHT + GAP_Y) - GAP_Y;
  const width = (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + MARGIN;
  const top = (node: Placed): number => {
    const own = columns[node.column]?.length ?? 1;
    return MARGIN + (node.order + (tallest - own) / 2) * (HEIGHT + GAP_Y);
  };
  const left = ({ column }: Placed): number => lefts[column] ?? 0;
  const line = ({ from: a, to: b, broken }: Edge): Element => {
    const [x1, y1] = [left(a) + widthOf(a.label), top(a) + HEIGHT / 2];
    const [x2, y2] = [left(b), top(b) + HEIGHT / 2];
    const bend = (x2 - x1) / 2;
    return h('path', {
      class: broken ? 'edge broken' : 'edge',
      d: `M${r(x1)} ${r(y1)}C${r(x1 + bend)} ${r(y1)} ${r(x2 - bend)} ${r(y2)} ${r(x2)} ${r(y2)}`,
    });
  };
  const box = (node: Placed): Element =>
    h(
      'g',
      { class: `node ${node.kind}${node.broken ? ' broken' : ''}` },
      h('title', {}, `${node.kind}: ${node.label}`),
      h('rect', {
        x: r(left(node)),
        y: r(top(node)),
        width: r(widthOf(node.label)),
        height: HEIGHT,
        rx: node.kind === 'account' ? HEIGHT / 2 : 6,
      }),
      h('text', { x: r(left(node) + PADDING), y: r(top(node) + HEIGHT / 2 + 4) }, shortened(node.label)),
    );
  return h(
    'svg',
    { role: 'img', 'aria-label': title, viewBox: `0 0 ${r(width)} ${r(height)}`, width: r(width), height: r(height) },
    ...edges.map(line),
    ...nodes.map((node): Content => box(node)),
  );
}

function merge(chains: readonly Chain[], from: 'start' | 'end') {
  const longest = Math.max(...chains.map(({ nodes }) => nodes.length));
  const nodes = new Map<string, Placed>();
  const edges = new Map<string, Edge>();
  for (const { nodes: steps, broken } of chains) {
    let before: Placed | undefined;
    for (const [at, step] of steps.entries()) {
      const column = from === 'start' ? at : longest - steps.length + at;
      const key = `${column} ${step.kind} ${step.label}`;
      const node = { ...step, key, column, broken: broken || nodes.get(key)?.broken === true, order: 0 };
      const known = nodes.get(key);
      // Edges hold on to the node that was there first.
      const placed: Placed = known === undefined ? node : Object.assign(known, { broken: node.broken });
      nodes.set(key, placed);
      if (before !== undefined) {
        const edge = `${before.key}\n${key}`;
        edges.set(edge, { from: before, to: placed, broken: broken || edges.get(edge)?.broken === true });
      }
      before = placed;
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

const SWEEPS = 6;

/** Nodes go to where their neighbours are, time and again, so that few lines cross (Sugiyama's barycentres). */
function columnsOf(nodes: readonly Placed[], edges: readonly Edge[]): readonly (readonly Placed[])[] {
  const columns: Placed[][] = [];
  for (const node of nodes) {
    const column = columns[node.column] ?? [];
    columns[node.column] = column;
    node.order = column.length;
    column.push(node);
  }
  const neighbours = new Map<Placed, { before: Placed[]; after: Placed[] }>(
    nodes.map((node) => [node, { before: [], after: [] }]),
  );
  for (const { from, to } of edges) {
    neighbours.get(from)?.after.push(to);
    neighbours.get(to)?.before.push(from);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? 'before' : 'after';
    for (const column of side === 'before' ? columns : columns.toReversed()) {
      const weight = new Map(column.map((node) => [node, mean(neighbours.get(node)?.[side] ?? [], node.order)]));
      column.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
      for (const [order, node] of column.entries()) node.order = order;
    }
  }
  return columns;
}

function mean(nodes: readonly Placed[], otherwise: number): number {
  return nodes.length === 0 ? otherwise : nodes.reduce((sum, { order }) => sum + order, 0) / nodes.length;
}

function widthOf(label: string): number {
  return 2 * PADDING + [...shortened(label)].length * CHARACTER;
}

/** The middle goes: names differ at their ends. The whole label is the node's title. */
function shortened(label: string): string {
  const characters = [...label];
  if (characters.length <= LONGEST_LABEL) return label;
  const half = Math.floor((LONGEST_LABEL - 1) / 2);
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}

function r(number: number): number {
  return Math.round(number * 10) / 10;
}
