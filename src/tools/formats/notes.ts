import { visibleLine } from '../../terminal/visible.ts';
import type { Definition } from './definition.ts';
import { NotStrict } from './strict/rules.ts';
import type { Problem, ToolFormat } from './tool-format.ts';

/** What there is to say of a list of definitions, in bounded memory but for the names of the tools. */
export interface FormatNotes {
  add(toolName: string, definition: Pick<Definition, 'problems' | 'strict'>): void;
  /** Lines for a person. */
  lines(): string[];
}

const MOST_NAMED = 3;

export function createFormatNotes(format: ToolFormat): FormatNotes {
  const names = new Set<string>();
  const refused = createGroups();
  const notStrict = createGroups();
  const counts = { tools: 0, strict: 0, nullable: 0, told: 0 };
  return {
    add: (toolName, { problems, strict }) => {
      counts.tools += 1;
      const isTaken = names.has(toolName);
      names.add(toolName);
      refused.add(toolName, isTaken ? [...problems, { rule: 'a name that another tool has too' }] : problems);
      if (strict instanceof NotStrict) {
        notStrict.add(toolName, [{ rule: strict.reason, place: strict.place }]);
      } else if (strict !== undefined) {
        counts.strict += 1;
        counts.nullable += strict.hasNullsForOptional ? 1 : 0;
        counts.told += strict.hasToldConstraints ? 1 : 0;
      }
    },
    lines: () => [
      ...tooMany(counts.tools, format.mostTools, `${format.taker} takes`, 'tools'),
      ...refused.lines(`${format.taker} refuses ${refused.size()} of these ${counts.tools} tools:`),
      ...tooMany(counts.strict, format.strict?.mostTools, `${format.taker} takes`, 'strict tools'),
      ...notStrict.lines(
        `${notStrict.size()} of these ${counts.tools} tools cannot be strict and stay as they are:`,
      ),
      ...(counts.nullable === 0
        ? []
        : [
            `${tools(counts.nullable)}: optional inputs are required now, and null where they are left out. Drop those nulls before the tool is called.`,
          ]),
      ...(counts.told === 0
        ? []
        : [
            `${tools(counts.told)}: limits that strict mode does not enforce are told in the descriptions. Check what the model sends.`,
          ]),
    ],
  };
}

function tools(count: number): string {
  return count === 1 ? '1 strict tool' : `${count} strict tools`;
}

function tooMany(count: number, most: number | undefined, taker: string, what: string): string[] {
  if (most === undefined || count <= most) return [];
  return [`${taker} at most ${most} ${what} in one request; these are ${count}.`];
}

/** Tools by what is wrong with them. */
function createGroups() {
  const groups = new Map<string, { count: number; named: string[] }>();
  let size = 0;
  return {
    size: () => size,
    add: (toolName: string, problems: readonly Problem[]) => {
      if (problems.length > 0) size += 1;
      for (const rule of new Set(problems.map((problem) => problem.rule))) {
        const group = groups.get(rule) ?? { count: 0, named: [] };
        groups.set(rule, group);
        group.count += 1;
        if (group.named.length < MOST_NAMED) group.named.push(named(toolName, rule, problems));
      }
    },
    lines: (head: string) =>
      size === 0
        ? []
        : [
            head,
            ...[...groups].map(([rule, { count, named: some }]) => {
              const rest = count > some.length ? ` and ${count - some.length} more` : '';
              return `  ${rule}: ${some.join(', ')}${rest}`;
            }),
          ],
  };
}

function named(toolName: string, rule: string, problems: readonly Problem[]): string {
  const places = problems.flatMap((problem) =>
    problem.rule === rule && problem.place ? [problem.place] : [],
  );
  const more = places.length > 1 ? ` and ${places.length - 1} more` : '';
  const shown = toolName.length > 80 ? `${toolName.slice(0, 77)}…` : toolName;
  return visibleLine(places[0] === undefined ? shown : `${shown} (${places[0]}${more})`);
}
