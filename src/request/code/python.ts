import { type ProgramBody, type ProgramPart, sourcesOf } from './body.ts';
import { type Literal, type LiteralObject, layOut, layOutCall, type Syntax } from './literal.ts';
import { headerFields, type Program } from './program.ts';
import { escapeWithinLines, hasLines, hex, quote } from './quote.ts';

const INDENT = '    ';

const codePoint = (code: number) => (code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`);

function stringLiteral(text: string): string {
  if (!hasLines(text)) return quote(text, '"', codePoint);
  const escaped = text.replaceAll('\\', '\\\\').replace(/"(?="")|"$/g, '\\"');
  return `"""${escapeWithinLines(escaped, codePoint)}"""`;
}

export const syntax: Syntax = {
  width: 88,
  indent: INDENT,
  padding: '',
  string: stringLiteral,
  key: stringLiteral,
  constant: (value) => (typeof value === 'number' ? String(value) : (CONSTANTS[String(value)] ?? '')),
  variable: (name) => `os.environ["${name}"]`,
};

const CONSTANTS: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };

/** A Python program that makes the call with Scalekit's SDK. */
export function pythonProgram(program: Program): string {
  const isHead = program.method === 'HEAD';
  return `${imports(program.body)}
${accountCheck(program)}

response = actions.request(
${requestArguments(program)
  .map((argument) => `${INDENT}${argument}\n`)
  .join('')})
${isHead ? 'print(response.status_code, dict(response.headers))' : 'print(response.text)'}
response.raise_for_status()
`;
}

/** The client, and that the account is ACTIVE; gives the program `connection_name`, `identifier` and `actions`. */
export function accountCheck({
  connectionName,
  identifier,
}: Pick<Program, 'connectionName' | 'identifier'>): string {
  return `connection_name = ${stringLiteral(connectionName)}
identifier = ${stringLiteral(identifier)}

scalekit_client = scalekit.client.ScalekitClient(
    client_id=os.getenv("SCALEKIT_CLIENT_ID"),
    client_secret=os.getenv("SCALEKIT_CLIENT_SECRET"),
    env_url=os.getenv("SCALEKIT_ENV_URL"),
)
actions = scalekit_client.actions

account = actions.get_or_create_connected_account(
    connection_name=connection_name,
    identifier=identifier,
).connected_account

if account.status != "ACTIVE":
    raise ValueError("Connected account is not ACTIVE. Re-authorize the user.")`;
}

function imports(body: ProgramBody | undefined): string {
  const readsStdin = sourcesOf(body).includes('-');
  const readsFile = sourcesOf(body).some((source) => source !== '-');
  return `import scalekit.client, os${readsStdin ? ', sys' : ''}
from dotenv import load_dotenv
${readsFile ? 'from pathlib import Path\n' : ''}load_dotenv()
`;
}

function requestArguments(program: Program): string[] {
  const { method, path, parameters, body } = program;
  const headers = headerFields(program, impliedType(body));
  return [
    'connection_name=connection_name,',
    'identifier=identifier,',
    argument('method', method),
    argument('path', path),
    ...(parameters.size === 0 ? [] : [argument('query_params', parameters)]),
    ...bodyArguments(body),
    ...(headers.size === 0 ? [] : [argument('headers', headers)]),
  ];
}

function argument(name: string, value: Literal): string {
  return `${name}=${layOut(value, syntax, { margin: INDENT, before: INDENT.length + name.length + 1 })},`;
}

function impliedType(body: ProgramBody | undefined): string | undefined {
  if (body?.kind === 'form') return 'application/x-www-form-urlencoded';
  return body?.kind === 'json' ? 'application/json' : undefined;
}

/** A field that comes again has a list: the dictionary has each name once. */
function formFields(fields: Extract<ProgramBody, { kind: 'form' }>['fields']): LiteralObject {
  const valuesOf = (wanted: string) => fields.filter(([name]) => name === wanted).map(([, value]) => value);
  return new Map(
    fields.map(([name, value]) => {
      const values = valuesOf(name);
      return [name, values.length === 1 ? value : values];
    }),
  );
}

function bodyArguments(body: ProgramBody | undefined): string[] {
  switch (body?.kind) {
    case 'json':
      return [argument('body', body.value)];
    case 'form':
      return [argument('form_data', formFields(body.fields))];
    case 'text':
      return [`raw_body=${bytesLiteral(body.text)},`];
    case 'source':
      return [`raw_body=${bytesOf(body.source)},`];
    case 'multipart':
      return [`files=[\n${body.parts.map(formPart).join('')}${INDENT}],`];
    default:
      return [];
  }
}

/** Text beyond Latin-1 has to be encoded beforehand: http.client takes no other. */
function bytesLiteral(text: string): string {
  const literal = stringLiteral(text);
  return /^\p{ASCII}*$/u.test(text) ? literal : `${literal}.encode()`;
}

function bytesOf(source: string): string {
  return source === '-' ? 'sys.stdin.buffer.read()' : `Path(${stringLiteral(source)}).read_bytes()`;
}

function formPart(part: ProgramPart): string {
  const margin = INDENT + INDENT;
  const inner = { margin: margin + INDENT, before: margin.length + INDENT.length };
  const value =
    'text' in part
      ? ['None', layOut(part.text, syntax, inner)]
      : [stringLiteral(part.file.filename), bytesOf(part.file.source), stringLiteral(part.file.type)];
  const tuple = [stringLiteral(part.name), layOutCall('', value, syntax, inner)];
  return `${margin}${layOutCall('', tuple, syntax, { margin, before: margin.length })},\n`;
}
