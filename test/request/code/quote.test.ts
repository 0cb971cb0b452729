import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Program, programOf } from '../../../src/request/code/program.ts';
import { pythonProgram } from '../../../src/request/code/python.ts';
import { shellQuote } from '../../../src/request/code/quote.ts';
import { typescriptProgram } from '../../../src/request/code/typescript.ts';

const AWKWARD = fc.string({
  unit: fc.constantFrom(
    ...Array.from('a \'"`\\$!{}\n\r\t@#%*?~;&|<>()[]=-é🎉\0\b\u001b\u0085\u2028\u202e\u{e0001}'),
  ),
});
const ANY = fc.oneof(AWKWARD, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
const TEXTS = [
  ...fc.sample(ANY, { numRuns: 1000, seed: 3 }),
  '',
  '@x',
  '-x',
  '\n\n\n',
  '"""\n\n"',
  '\\\n\n\\',
  '`\n\n${a}',
];

it('a shell gives every text back', () => {
  const texts = TEXTS.map((text) => text.replaceAll('\0', ''));
  const script = texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join('\n');
  const output = execFileSync('sh', ['-s'], { input: script, maxBuffer: 1 << 26 }).toString('utf8');
  expect(output.split('\0').slice(0, -1)).toEqual(texts);
});

it('JavaScript gives every text back', () => {
  const texts = TEXTS.map((text) =>
    literalIn(typescriptProgram(programWith(text)), /^ {2}body: (.*?),\n {2}headers: /ms),
  );
  expect(texts.map((literal) => runInNewContext(literal) as unknown)).toEqual(TEXTS);
});

it('Python gives every text back', () => {
  const literals = TEXTS.map((text) =>
    literalIn(pythonProgram(programWith(text)), /^ {4}raw_body=(.*?)(?:\.encode\(\))?,\n {4}headers=/ms),
  );
  const script =
    'import ast, json, sys; print(json.dumps([ast.literal_eval(each) for each in json.load(sys.stdin)]))';
  const output = execFileSync('python3', ['-c', script], {
    input: JSON.stringify(literals),
    maxBuffer: 1 << 26,
  });
  expect(JSON.parse(output.toString('utf8'))).toEqual(TEXTS);
});

it('no literal holds what a terminal would act on or a reader would not see', () => {
  for (const text of TEXTS) {
    const program = programWith(text);
    for (const code of [typescriptProgram(program), pythonProgram(program), shellQuote(text)]) {
      expect(code).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  }
});

function programWith(text: string): Program {
  const bytes = Buffer.from(text);
  const headers = [['content-type', 'text/plain']] as const;
  return programOf({
    call: { connectionName: 'c', identifier: 'i', method: 'POST', path: '/', headers, body: bytes },
    path: '/',
    query: [],
    headers,
    body: { kind: 'bytes', bytes },
  });
}

function literalIn(program: string, pattern: RegExp): string {
  return pattern.exec(program)?.[1] ?? `no literal in ${program}`;
}
