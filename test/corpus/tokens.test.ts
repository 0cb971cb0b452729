import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { estimateTokenCount } from 'tokenx';
import { describe, expect, it } from 'vitest';
import { defineTool } from '../../src/tools/formats/definition.ts';
import { formats } from '../../src/tools/formats/formats.ts';
import { FORMAT_NAMES } from '../../src/tools/formats/names.ts';
import { corpus } from './support/corpus.ts';

const tools = await corpus();

describe.each(FORMAT_NAMES)('%s', (name) => {
  const counts = tools.map(({ title, listed }) => {
    const text = JSON.stringify(defineTool(listed, formats[name]).definition);
    return { title, estimated: estimateTokenCount(text), counted: encode(text).length };
  });

  it('no estimate is far from what a real tokenizer counts', () => {
    for (const { title, estimated, counted } of counts) {
      expect(estimated / counted, `${title}: ${estimated}, ${counted} counted`).toBeGreaterThan(0.7);
      expect(estimated / counted, `${title}: ${estimated}, ${counted} counted`).toBeLessThan(1.4);
    }
  });

  it('the whole is within 15 %', () => {
    const sum = (key: 'estimated' | 'counted') => counts.reduce((total, each) => total + each[key], 0);
    expect(Math.abs(sum('estimated') - sum('counted')) / sum('counted')).toBeLessThan(0.15);
  });
});
