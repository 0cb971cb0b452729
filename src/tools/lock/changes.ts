import type { LockedConnection, LockedTool } from '../../contracts/lockfile.ts';
import { canonicalText } from '../../json/canonical.ts';
import type { JsonObject } from '../../json/object.ts';
import { compareSchemas } from '../../json/schema-compare/compare.ts';
import type { Difference } from '../../json/schema-compare/difference.ts';
import { INPUT } from './entries.ts';
import { type ChangeKind, type Verdict, verdictOf, verdictOn } from './kinds.ts';

export interface Change extends Verdict {
  connectionName: string;
  tool: string;
  /** `input.filter.tags[]`, `output.id`, `description`; empty for the tool as a whole. */
  path: string;
  kind: ChangeKind;
  message: string;
  before?: unknown;
  after?: unknown;
}

type ToolChange = Omit<Change, 'connectionName' | 'tool'>;

/** What became of the tools of a connection, tool by tool in the order of their names. */
export function connectionChanges(
  connectionName: string,
  before: LockedConnection,
  after: LockedConnection,
): Change[] {
  const names = [...new Set([...Object.keys(before.tools), ...Object.keys(after.tools)])].sort();
  return names.flatMap((tool) => {
    const changes = toolChanges(own(before.tools, tool), own(after.tools, tool));
    return changes.map((change) => ({ connectionName, tool, ...change }));
  });
}

function own(tools: Record<string, LockedTool>, name: string): LockedTool | undefined {
  return Object.hasOwn(tools, name) ? tools[name] : undefined;
}

function toolChanges(before: LockedTool | undefined, after: LockedTool | undefined): ToolChange[] {
  if (before === undefined) return [change('added-tool', '', 'added')];
  if (after === undefined) return [change('removed-tool', '', 'removed')];
  return [
    ...schemaChanges('input', before.inputSchema, after.inputSchema),
    ...schemaChanges('output', before.outputSchema, after.outputSchema),
    ...readOnlyChange(before.readOnly, after.readOnly),
    ...scopeChanges(before.scopes ?? null, after.scopes ?? null),
    ...(before.description === after.description
      ? []
      : [change('changed-description', 'description', 'changed', before.description, after.description)]),
  ];
}

function change(
  kind: ChangeKind,
  path: string,
  message: string,
  before?: unknown,
  after?: unknown,
): ToolChange {
  return { ...verdictOn(kind), path, message, before, after };
}

function schemaChanges(
  side: 'input' | 'output',
  before: JsonObject | null,
  after: JsonObject | null,
): ToolChange[] {
  // Nothing said is anything taken, or given.
  const [old, now] = [before ?? {}, after ?? {}];
  if (canonicalText(old) === canonicalText(now)) return [];
  const { differences, annotations } = compareSchemas(old, now, side === 'input' ? INPUT : {});
  const told = annotations.filter(({ keyword }) => side === 'input' || keyword === 'description');
  return [
    ...(schemaAsWhole(side, before, after, differences) ??
      differences.map((each) => ({
        ...verdictOf(side, each),
        path: `${side}${each.path}`,
        message: each.message,
        before: each.before,
        after: each.after,
      }))),
    ...told.map(({ path, keyword, before: from, after: to }) => {
      const words = keyword === 'default' ? `default ${shown(from)} → ${shown(to)}` : 'description changed';
      return change(`changed-${keyword}`, `${side}${path}`, words, from, to);
    }),
  ];
}

/** An output that was not described at all, or is not any more. */
function schemaAsWhole(
  side: 'input' | 'output',
  before: JsonObject | null,
  after: JsonObject | null,
  differences: readonly Difference[],
): ToolChange[] | undefined {
  if (side === 'input' || differences.length === 0) return undefined;
  if (before === null) return [change('narrowed-output', side, 'described by a schema now')];
  return after === null ? [change('widened-output', side, 'no longer described by a schema')] : undefined;
}

function readOnlyChange(before: boolean | null, after: boolean | null): ToolChange[] {
  if (before === after || (before !== true && after !== true)) return [];
  return before === true
    ? [change('lost-read-only', 'readOnly', `no longer said to be read-only`, before, after)]
    : [change('gained-read-only', 'readOnly', 'said to be read-only now', before, after)];
}

/** Where nothing was said of scopes, what is said now need not be new. */
function scopeChanges(before: readonly string[] | null, after: readonly string[] | null): ToolChange[] {
  if (before === null || after === null) return [];
  return [
    ...after
      .filter((scope) => !before.includes(scope))
      .map((scope) => change('new-scope', 'scopes', `also needs ${scope}`, undefined, scope)),
    ...before
      .filter((scope) => !after.includes(scope))
      .map((scope) => change('dropped-scope', 'scopes', `no longer needs ${scope}`, scope)),
  ];
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : canonicalText(value);
}
