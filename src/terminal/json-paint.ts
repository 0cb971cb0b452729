import type { JsonPaint } from '../json/layout.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

/** JSON for a person: in colour where the style has any, control characters inside strings made visible. */
export function jsonPaint(style: Style): JsonPaint {
  return {
    key: (text) => style.blue(visible(text)),
    string: (text) => style.green(visible(text)),
    literal: style.yellow,
    punctuation: (text) => text,
    rest: visible,
  };
}
