import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const files = ['sk-connect.cjs', ...readdirSync(join(dist, 'cli')).map((name) => `cli/${name}`)];

/** What a chunk loads at once; what it loads when it is asked to is within a function. */
function requiredBy(file: string): string[] {
  const source = readFileSync(join(dist, file), 'utf8');
  const found = source.matchAll(/(?:^|;)(?:const|let) [\w$]+=require\("(\.[^"]+)"\)/g);
  return [...found].map(([, path = '']) => join(file, '..', path));
}

/** Whoever is loaded in a circle finds its exports undefined, and Node warns on stderr. */
it('no chunk of the program loads itself in a circle', () => {
  const graph = new Map(files.map((file) => [file, requiredBy(file)]));
  const open = [...graph].filter(([, required]) => required.length > 0);
  expect(open.length).toBeGreaterThan(10);
  expect(files.flatMap((file) => circle(graph, file, []))).toEqual([]);
});

function circle(graph: ReadonlyMap<string, string[]>, file: string, way: readonly string[]): string[] {
  if (way[0] === file) return [[...way, file].join(' → ')];
  if (way.includes(file)) return [];
  return (graph.get(file) ?? []).flatMap((next) => circle(graph, next, [...way, file]));
}
