import { type ProgramBody, type ProgramPart, sourcesOf } from './body.ts';
import { type Literal, layOut, layOutCall, type Syntax } from './literal.ts';
import { headerFields, type Program } from './program.ts';
import { escapeWithinLines, hasLines, hex, quote } from './quote.ts';

const INDENT = '  ';

const codePoint = (code: number) => (code > 0xffff ? `\\u{${hex(code, 0)}}` : `\\u${hex(code, 4)}`);

function stringLiteral(text: string): string {
  if (!hasLines(text)) return quote(text, "'", codePoint);
  return `\`${escapeWithinLines(text.replace(/[\\`]|\$(?=\{)/g, '\\$&'), codePoint)}\``;
}

export const syntax: Syntax = {
  width: 80,
  indent: INDENT,
  padding: ' ',
  string: stringLiteral,
  key: (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name, "'", codePoint)),
  constant: String,
  variable: (name) => `process.env.${name}!`,
};

/** A TypeScript program, an ES module, that makes the call with Scalekit's SDK. */
export function typescriptProgram(program: Program): string {
  const { body, method } = program;
  const isHead = method === 'HEAD';
  return `${imports(body)}
${accountCheck(program, '// This also signs in, which actions.request does not do by itself.')}
${body?.kind === 'multipart' ? `\n${formData(body.parts)}` : ''}
${isHead ? '' : "// For a status other than 2xx it throws; the exception's errDetails are the body.\n"}const ${isHead ? '{ status, headers }' : '{ data }'} = await actions.request({
${requestFields(program)
  .map((field) => `${INDENT}${field}\n`)
  .join('')}});
${isHead ? 'console.log(status, headers);' : "console.log(typeof data === 'string' ? data : JSON.stringify(data, null, 2));"}
`;
}

/** What every program begins with, beside what its call needs. */
export const sdkImports: readonly string[] = [
  "import { ScalekitClient } from '@scalekit-sdk/node';",
  "import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';",
  "import 'dotenv/config';",
];

/** The client, and that the account is ACTIVE; gives the program `connectionName`, `identifier` and `actions`. */
export function accountCheck(
  { connectionName, identifier }: Pick<Program, 'connectionName' | 'identifier'>,
  note?: string,
): string {
  return `const connectionName = ${stringLiteral(connectionName)};
const identifier = ${stringLiteral(identifier)};

const scalekit = new ScalekitClient(
  process.env.SCALEKIT_ENV_URL!,
  process.env.SCALEKIT_CLIENT_ID!,
  process.env.SCALEKIT_CLIENT_SECRET!,
);
const actions = scalekit.actions;

${note === undefined ? '' : `${note}\n`}const { connectedAccount } = await actions.getOrCreateConnectedAccount({
  connectionName,
  identifier,
});

if (connectedAccount?.status !== ConnectorStatus.ACTIVE) {
  throw new Error('Connected account is not ACTIVE. Re-authorize the user.');
}`;
}

function imports(body: ProgramBody | undefined): string {
  const lines = [...sdkImports];
  const sources = sourcesOf(body);
  if (sources.some((source) => source !== '-')) lines.unshift("import { readFile } from 'node:fs/promises';");
  if (sources.includes('-')) lines.unshift("import { buffer } from 'node:stream/consumers';");
  return `${lines.join('\n')}\n`;
}

function requestFields(program: Program): string[] {
  const { method, path, parameters, body } = program;
  const headers = headerFields(program, body?.kind === 'json' ? 'application/json' : undefined);
  const field = (name: string, value: Literal) => `${name}: ${layOut(value, syntax, behind(`${name}: `))},`;
  return [
    'connectionName,',
    'identifier,',
    field('method', method),
    field('path', path),
    ...(parameters.size === 0 ? [] : [field('queryParams', parameters)]),
    ...(body === undefined ? [] : bodyFields(body, program.contentType)),
    ...(headers.size === 0 ? [] : [field('headers', headers)]),
  ];
}

function bodyFields(body: ProgramBody, contentType = ''): string[] {
  switch (body.kind) {
    case 'json':
      return [`body: ${layOut(body.value, syntax, behind('body: '))},`];
    case 'form':
      return [`body: ${formCode(body.fields)},`];
    case 'text':
      return textFields(body.text, contentType);
    case 'source':
      return [`body: ${bytesOf(body.source)},`];
    default:
      return ['body: form,'];
  }
}

/** Where a value begins in the call's object. */
function behind(prefix: string) {
  return { margin: INDENT, before: INDENT.length + prefix.length };
}

function formCode(fields: Extract<ProgramBody, { kind: 'form' }>['fields']): string {
  const call = 'new URLSearchParams(';
  const names = new Set(fields.map(([name]) => name));
  const value: Literal = names.size === fields.length && ![...names].some(isUnfit) ? new Map(fields) : fields;
  return `${call}${layOut(value, syntax, behind(`body: ${call})`))})`;
}

/** An object would put such a key before all others, or take it for its prototype. */
function isUnfit(key: string): boolean {
  return /^(\d+|__proto__)$/.test(key);
}

/** The SDK passes text on as it is, but what is to be JSON it would trim or quote; bytes it leaves alone. */
function textFields(text: string, contentType: string): string[] {
  const literal = stringLiteral(text);
  if (!contentType.includes('application/json')) return [`body: ${literal},`];
  return isTrimmedJson(text)
    ? ['// As text, which keeps the numbers and keys as they are.', `body: ${literal},`]
    : [`body: Buffer.from(${literal}),`];
}

function isTrimmedJson(text: string): boolean {
  try {
    JSON.parse(text);
    return text === text.trim();
  } catch {
    return false;
  }
}

function bytesOf(source: string): string {
  return source === '-' ? 'await buffer(process.stdin)' : `await readFile(${stringLiteral(source)})`;
}

function formData(parts: readonly ProgramPart[]): string {
  return `const form = new FormData();
${parts.map((part) => `${layOutCall('form.append', partArguments(part), syntax, { margin: '', before: 0 })};\n`).join('')}`;
}

function partArguments(part: ProgramPart): string[] {
  const name = stringLiteral(part.name);
  if ('text' in part) return [name, layOut(part.text, syntax, behind(''))];
  const { source, filename, type } = part.file;
  const blob = `new Blob([${bytesOf(source)}], { type: ${stringLiteral(type)} })`;
  return [name, blob, stringLiteral(filename)];
}
