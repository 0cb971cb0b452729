import { hash } from 'node:crypto';
import { type Alternative, ANY, type Bound, type Condition, type SchemaNode } from './model.ts';
import { isUnbounded } from './unbounded.ts';

export interface Classes {
  /** The same for nodes that mean the same. */
  of: (node: SchemaNode) => string;
  /** The same for alternatives that mean the same. */
  ofAlternative: (alternative: Alternative) => string;
  ofCondition: (condition: Condition) => string;
  /** Of all that a node leads to; the same in every run. */
  digest: (node: SchemaNode) => string;
}

/**
 * Sorts the nodes that `roots` lead to by what they mean: all are taken for the same at first, and told apart by
 * what they say and lead to, round after round, until a round tells no more apart (the partition refinement of
 * automata). Names of definitions, their number and how often a recursion is unrolled do not matter.
 */
export function classify(roots: readonly SchemaNode[]): Classes {
  const nodes = reachable(roots);
  let classes = new Map<SchemaNode, string>();
  let next = refine(nodes, classes);
  for (let count = 0; count < sizeOf(next); ) {
    count = sizeOf(next);
    classes = next;
    next = refine(nodes, classes);
  }
  const of = (node: SchemaNode) => classes.get(node) ?? '';
  return {
    of,
    ofAlternative: (alternative) => signature(alternative, of),
    ofCondition: (condition) => conditionText(condition, of),
    digest: (node) => {
      const transitions = [...nodes].map((each) => `${of(each)} ${next.get(each)}`);
      return hash('sha256', [of(node), ...new Set(transitions.sort())].join('\n'));
    },
  };
}

function sizeOf(classes: ReadonlyMap<SchemaNode, string>): number {
  return new Set(classes.values()).size;
}

function refine(
  nodes: Iterable<SchemaNode>,
  classes: ReadonlyMap<SchemaNode, string>,
): Map<SchemaNode, string> {
  const of = (node: SchemaNode) => classes.get(node) ?? '';
  const refined = new Map<SchemaNode, string>();
  for (const node of nodes) refined.set(node, isAny(node) ? 'any' : hash('sha256', nodeText(node, of)));
  return refined;
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
