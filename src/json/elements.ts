import { createJsonLayout } from './layout.ts';
import { createJsonScanner } from './scanner.ts';

/**
 * The elements of the array that a JSON text is, each as its text on one line: number literals, escapes and
 * repeated keys stay as they came. Undefined where the text is no JSON array.
 */
export function elementsOf(json: string): string[] | undefined {
  const layout = createJsonLayout({ indent: 0 });
  const text = layout.write(json) + layout.end();
  if (layout.isBroken() || !text.startsWith('[')) return undefined;
  if (text === '[]') return [];
  const scanner = createJsonScanner();
  scanner.feed(text);
  const elements: string[] = [];
  let from = 1;
  for (let piece = scanner.next(); piece !== 'end'; piece = scanner.next()) {
    if (piece !== 'comma' || scanner.depth() !== 1) continue;
    elements.push(text.slice(from, scanner.start()));
    from = scanner.end();
  }
  elements.push(text.slice(from, -1));
  return elements;
}
