/** What `--format` takes. Apart from the formats themselves, so that the help loads none of them. */
export const FORMAT_NAMES = [
  'anthropic',
  'openai',
  'openai-responses',
  'mcp',
  'vercel-ai',
  'json-schema',
] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];

/** What is meant where nothing is said: Scalekit's own definitions are in it. */
export const DEFAULT_FORMAT: FormatName = 'anthropic';
