import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { estimateTokenCount } from 'tokenx';
import { expect, it } from 'vitest';
import { defineTool } from '../../src/tools/formats/definition.ts';
import { formats } from '../../src/tools/formats/formats.ts';
import { everythingTools, TRICKY } from './formats/support/tools.ts';

it('the estimate is within 15 % of a real tokenizer, and never far off for one tool', async () => {
  let estimated = 0;
  let counted = 0;
  for (const tool of [...(await everythingTools()), ...TRICKY]) {
    const text = JSON.stringify(defineTool(tool, formats.anthropic).definition);
    const estimate = estimateTokenCount(text);
    const count = encode(text).length;
    expect(Math.abs(estimate - count) / count, `${tool.name}: ${estimate}, ${count} counted`).toBeLessThan(
      0.3,
    );
    estimated += estimate;
    counted += count;
  }
  expect(Math.abs(estimated - counted) / counted).toBeLessThan(0.15);
});
