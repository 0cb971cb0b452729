import { hash } from 'node:crypto';
import { type Alternative, ANY, type Bound, type Condition, type SchemaNode } from './model.ts';
import { isUnbounded } from './unbounded.ts';

export interface Classes {
  /** The same for nodes that mean the same. */
  of: (node: SchemaNode) => string;
  /** The same for alternatives that mean the same. */
  ofAlternative: (alternative: Alternative) => string;
  /** As `ofAlternative`, conditions aside. */
  ofFacts: (alternative: Alternative) => string;
  ofCondition: (condition: Condition) => string;
  /** Of all that a node leads to; the same in every run. */
  digest: (node: SchemaNode) => string;
}

/**
 * Sorts the nodes that `roots` lead to by what they mean. Those that lead to no recursion are named by what they say
 * and lead to, from the leaves up. The others are all taken for the same at first, and told apart round after round
 * until a round tells no more apart (the partition refinement of automata). Names of definitions, their number and
 * how often a recursion is unrolled do not matter.
 */
export function classify(roots: readonly SchemaNode[]): Classes {
  const nodes = reachable(roots);
  const finite = classesOfFinite(nodes);
  const endless = [...nodes].filter((node) => !finite.has(node));
  let classes = finite;
  let next = refine(endless, classes);
  for (let count = 0; count < sizeOf(next); ) {
    count = sizeOf(next);
    classes = next;
    next = refine(endless, classes);
  }
  const of = (node: SchemaNode) => classes.get(node) ?? '';
  return {
    of,
    ofAlternative: (alternative) => signature(alternative, of),
    ofFacts: (alternative) => signature({ ...alternative, conditions: [] }, of),
    ofCondition: (condition) => conditionText(condition, of),
    digest: (node) => {
      const transitions = endless.map((each) => `${of(each)} ${next.get(each)}`);
      return hash('sha256', [of(node), ...new Set(transitions.sort())].join('\n'));
    },
  };
}

function sizeOf(classes: ReadonlyMap<SchemaNode, string>): number {
  return new Set(classes.values()).size;
}

function refine(
  endless: readonly SchemaNode[],
  classes: ReadonlyMap<SchemaNode, string>,
): Map<SchemaNode, string> {
  const of = (node: SchemaNode) => classes.get(node) ?? '';
  const refined = new Map(classes);
  for (const node of endless) refined.set(node, classOf(node, of));
  return refined;
}

/** A node has its class once all that it leads to have theirs: those of a recursion never do. */
function classesOfFinite(nodes: ReadonlySet<SchemaNode>): Map<SchemaNode, string> {
  const classes = new Map<SchemaNode, string>();
  const of = (node: SchemaNode) => classes.get(node) ?? '';
  const parents = new Map<SchemaNode, SchemaNode[]>();
  const waitsFor = new Map<SchemaNode, number>();
  const ready: SchemaNode[] = [];
  for (const node of nodes) {
    const children = new Set(isAny(node) ? [] : node.alternatives.flatMap(childrenOf));
    for (const child of children) {
      const known = parents.get(child);
      if (known === undefined) parents.set(child, [node]);
      else known.push(node);
    }
    waitsFor.set(node, children.size);
    if (children.size === 0) ready.push(node);
  }
  for (const node of ready) {
    classes.set(node, classOf(node, of));
    for (const parent of parents.get(node) ?? []) {
      const left = (waitsFor.get(parent) ?? 0) - 1;
      waitsFor.set(parent, left);
      if (left === 0) ready.push(parent);
    }
  }
  return classes;
}

function classOf(node: SchemaNode, of: ClassOf): string {
  return isAny(node) ? 'any' : hash('sha256', nodeText(node, of));
}

function isAny({ alternatives }: SchemaNode): boolean {
  if (alternatives.length !== ANY.alternatives.length) return false;
  return alternatives.every((each) =>
    each.type === 'literals' ? each.conditions.length === 0 && each.values.size === 3 : isUnbounded(each),
  );
}

type ClassOf = (node: SchemaNode) => string;

function nodeText({ alternatives }: SchemaNode, of: ClassOf): string {
  return [...new Set(alternatives.map((alternative) => signature(alternative, of)))].sort().join('\n');
}

function signature(alternative: Alternative, of: ClassOf): string {
  const conditions = alternative.conditions.map((each) => conditionText(each, of)).sort();
  return JSON.stringify([alternative.type, ...facts(alternative, of), conditions]);
}

function facts(alternative: Alternative, of: ClassOf): unknown[] {
  switch (alternative.type) {
    case 'literals':
      return [[...alternative.values.keys()].sort()];
    case 'number': {
      const { isInteger, minimum, maximum, multiples, formats } = alternative;
      return [isInteger, boundText(minimum), boundText(maximum), multiples, formats];
    }
    case 'string': {
      const { minLength, maxLength, patterns, formats } = alternative;
      return [minLength, maxLength, patterns, formats];
    }
    case 'array': {
      const { minItems, maxItems, isUnique, prefix, rest } = alternative;
      return [minItems, maxItems, isUnique, prefix.map(of), of(rest)];
    }
    default: {
      const { properties, required, patterns, additional, minProperties, maxProperties } = alternative;
      return [
        [...properties].map(([key, node]) => [key, of(node)]),
        [...required].sort(),
        [...patterns].map(([pattern, node]) => [pattern, of(node)]),
        of(additional),
        minProperties,
        maxProperties,
      ];
    }
  }
}

function boundText(bound: Bound | undefined): unknown {
  return bound === undefined ? null : [bound.value, bound.isExclusive];
}

function conditionText({ keyword, detail, schemas }: Condition, of: ClassOf): string {
  return JSON.stringify([keyword, detail, schemas.map(([role, node]) => `${role} ${of(node)}`).sort()]);
}

function reachable(roots: readonly SchemaNode[]): Set<SchemaNode> {
  const nodes = new Set(roots);
  for (const node of nodes) {
    if (node === ANY) continue;
    for (const alternative of node.alternatives)
      for (const child of childrenOf(alternative)) nodes.add(child);
  }
  return nodes;
}

function childrenOf(alternative: Alternative): SchemaNode[] {
  const conditional = alternative.conditions.flatMap(({ schemas }) => schemas.map(([, node]) => node));
  switch (alternative.type) {
    case 'array':
      return [...conditional, ...alternative.prefix, alternative.rest];
    case 'object': {
      const { properties, patterns, additional } = alternative;
      return [...conditional, ...properties.values(), ...patterns.values(), additional];
    }
    default:
      return conditional;
  }
}
