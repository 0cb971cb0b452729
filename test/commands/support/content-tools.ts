import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';

/** Bytes that are no text, in a size of several chunks. */
export const IMAGE = Buffer.from(Array.from({ length: 3_000 }, (_, index) => (index * 7) % 256));
export const SOUND = Buffer.from([0, 255, 13, 10]);

const image = { type: 'image' as const, mimeType: 'image/png', data: IMAGE.toString('base64') };
const sound = { type: 'audio' as const, mimeType: 'audio/wav', data: SOUND.toString('base64') };

/** A tool for each kind of answer, by its name. */
const answers: Readonly<Record<string, CallToolResult>> = {
  text: { content: [{ type: 'text', text: 'two\nlines \u001b[31m' }] },
  texts: { content: ['one', 'two'].map((text) => ({ type: 'text', text })) },
  json: { content: [{ type: 'text', text: '{"id":9007199254740993,"a":[1]}' }] },
  structured: {
    content: [
      { type: 'text', text: '{"b": 2, "a": 1}' },
      { type: 'text', text: 'and more' },
    ],
    structuredContent: { a: 1, b: 2 },
  },
  image: { content: [{ type: 'text', text: 'here it is' }, image] },
  several: {
    content: [
      image,
      sound,
      {
        type: 'resource',
        resource: { uri: 'file:///a.bin', blob: SOUND.toString('base64'), mimeType: 'application/x-a' },
      },
    ],
  },
  resources: {
    content: [
      { type: 'resource', resource: { uri: 'file:///notes.txt', text: 'note\n' } },
      { type: 'resource_link', uri: 'https://docs.example/a', name: 'Page', mimeType: 'text/html' },
    ],
  },
  nothing: { content: [] },
  wrong: { content: [], structuredContent: { count: 'many', token: 'hush-hush-1' } },
  unstructured: { content: [{ type: 'text', text: 'only text' }] },
};

const promised = {
  type: 'object' as const,
  properties: { count: { type: 'integer' }, token: { type: 'integer' } },
};

export const contentTools: Tool[] = Object.keys(answers).map((name) => ({
  name,
  inputSchema: { type: 'object', properties: { password: { type: 'string' }, count: { type: 'integer' } } },
  annotations: { readOnlyHint: true },
  ...(name === 'wrong' || name === 'unstructured' ? { outputSchema: promised } : {}),
}));

export const callContentTool = (name: string): CallToolResult => answers[name] ?? { content: [] };
