import { describe, expect, it } from 'vitest';
import { run } from './run.ts';

describe('--help', () => {
  it.each([
    ['flags of its own', ['sandbox', 'start']],
    ['none but --help', ['sandbox', 'reset']],
    ['none, and an argument', ['sandbox', 'restore']],
  ])("a command with %s: its own stand before everybody's", async (_what, words) => {
    const { stdout } = await run([...words, '--help']);
    const headings = [...stdout.matchAll(/^(\S.*):$/gm)].map(([, heading]) => heading);
    expect(headings.filter((heading) => heading !== 'Arguments')).toEqual([
      'Options',
      'Global options',
      'Examples',
    ]);
  });
});
