import { layOut } from '../../request/code/literal.ts';
import { syntax } from '../../request/code/typescript.ts';
import type { ToolProgram } from './code.ts';

/** A TypeScript program, an ES module, that runs a custom tool of a file. */
export function customToolProgram(program: ToolProgram, file: string): string {
  const { toolName, connectionName, identifier } = program;
  // It is filled in by the library, which takes it from nobody else.
  const input = new Map(
    [...program.input].filter(([name, value]) => name !== 'identifier' || value !== identifier),
  );
  const place = { margin: '', before: 'const input = '.length };
  const account = connectionName === '' ? '{ identifier }' : '{\n  identifier,\n  connectionName,\n}';
  return `import { ScalekitClient } from '@scalekit-sdk/node';
import { loadTools } from 'sk-connect/tools';
import 'dotenv/config';

const toolName = ${syntax.string(toolName)};
${connectionName === '' ? '' : `const connectionName = ${syntax.string(connectionName)};\n`}const identifier = ${syntax.string(identifier)};
const input = ${layOut(input, syntax, place)};

const client = new ScalekitClient(
  process.env.SCALEKIT_ENV_URL!,
  process.env.SCALEKIT_CLIENT_ID!,
  process.env.SCALEKIT_CLIENT_SECRET!,
);
const tools = await loadTools(${syntax.string(file)}, { client });

// This checks the input, and that the account is ACTIVE.
const output = await tools.call(toolName, input, ${account});
console.log(JSON.stringify(output, null, 2));
`;
}
