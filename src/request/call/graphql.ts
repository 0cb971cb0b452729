import { usageError } from '../../errors.ts';
import { type Reading, readFileArgument } from '../../terminal/input.ts';
import type { Field } from '../options.ts';
import type { Content } from './content.ts';
import { fieldTree } from './fields.ts';
import { emptyObject, type JsonMembers, literal, writeJson } from './json-tree.ts';
import { decodeText } from './text.ts';

const FLAG = '--graphql';

export interface GraphqlOptions {
  /** A file's name, or `-` for stdin. */
  document: string;
  /** The variables. */
  fields: readonly Field[];
  /** With GET the document and the variables stand in the query (GraphQL over HTTP, section 5.3). */
  isQuery: boolean;
}

/** A GraphQL document and its variables. */
export async function graphqlContent(
  reading: Reading,
  { document, fields, isQuery }: GraphqlOptions,
): Promise<Content> {
  const variables = await fieldTree(reading, fields);
  return contentOf(await readDocument(reading, document), variables, isQuery);
}

async function readDocument(reading: Reading, name: string): Promise<string> {
  if (name.includes('{') || name.startsWith('@')) {
    throw usageError(
      `${FLAG} takes the name of a file, or - for stdin`,
      name.startsWith('@')
        ? `Write ${FLAG} ${name.slice(1)}`
        : `Pass the document on stdin: echo '…' | sk-connect request PATH ${FLAG} -`,
    );
  }
  const text = decodeText(await readFileArgument(reading, name, FLAG), FLAG).replace(/^\uFEFF/, '');
  if (text.trim() === '') throw usageError(`${FLAG} ${name} is empty`, 'It takes a GraphQL document.');
  return text;
}

function contentOf(query: string, variables: JsonMembers, isQuery: boolean): Content {
  const withVariable = (name: string, value: string) => {
    const members = new Map(variables.members).set(name, literal(value));
    return contentOf(query, { kind: 'object', members }, isQuery);
  };
  const hasVariables = variables.members.size > 0;
  if (isQuery) {
    const pairs = hasVariables ? [['variables', writeJson(variables)] as const] : [];
    return { query: [['query', query], ...pairs], withVariable };
  }
  const document = emptyObject();
  document.members.set('query', literal(JSON.stringify(query)));
  if (hasVariables) document.members.set('variables', variables);
  const bytes = Buffer.from(writeJson(document));
  return {
    body: { source: { kind: 'bytes', bytes }, data: bytes, contentType: 'application/json' },
    withVariable,
  };
}
