import { canonicalText } from '../canonical.ts';
import { keyPath } from './difference.ts';
import type { SchemaNode } from './model.ts';

/** What a reader is told otherwise, and no validator minds. */
export interface AnnotationDifference {
  path: string;
  keyword: 'description' | 'default';
  before: unknown;
  after: unknown;
}

const MOST_PLACES = 5_000;

/** Of what both have, the schemas themselves left out. */
export function annotationDifferences(before: SchemaNode, after: SchemaNode): AnnotationDifference[] {
  const [old, now] = [placesOf(before), placesOf(after)];
  return [...old].flatMap(([path, node]) => {
    const other = now.get(path);
    if (other === undefined) return [];
    const [from, to] = [node.defaultValue, other.defaultValue];
    const both = [
      { path, keyword: 'description' as const, before: node.description, after: other.description },
      { path, keyword: 'default' as const, before: from?.value, after: to?.value },
    ];
    return both.filter((each) => canonicalText(each.before) !== canonicalText(each.after));
  });
}

/** The nodes by their paths, each once: a recursion is not followed. */
function placesOf(root: SchemaNode): Map<string, SchemaNode> {
  const places = new Map<string, SchemaNode>();
  const visit = (node: SchemaNode, path: string, above: ReadonlySet<SchemaNode>) => {
    if (above.has(node) || places.size >= MOST_PLACES) return;
    if (path !== '' && !places.has(path)) places.set(path, node);
    const within = new Set([...above, node]);
    for (const alternative of node.alternatives) {
      if (alternative.type === 'array') visit(alternative.rest, `${path}[]`, within);
      if (alternative.type !== 'object') continue;
      for (const [key, child] of alternative.properties) visit(child, `${path}${keyPath(key)}`, within);
      visit(alternative.additional, `${path}.*`, within);
    }
  };
  visit(root, '', new Set());
  return places;
}
