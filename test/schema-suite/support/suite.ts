import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JsonObject } from '../../../src/json/object.ts';

/** https://github.com/json-schema-org/JSON-Schema-Test-Suite: one schema and what of some values is to be said. */
export interface SuiteGroup {
  description: string;
  schema: JsonObject | boolean;
  tests: { description: string; data: unknown; valid: boolean }[];
}

export interface SuiteFile {
  name: string;
  groups: SuiteGroup[];
}

export type Draft = 'draft7' | 'draft2020-12';

/** The suite is on npm only as a dependency on git; Debian has it in libtest-json-schema-acceptance-perl. */
const FOLDERS = [
  process.env['SK_CONNECT_SCHEMA_SUITE'],
  '/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance',
].filter((folder): folder is string => folder !== undefined && folder !== '');

/** The required cases, without those of `optional/`; undefined where the suite is not installed. */
export function readSuite(draft: Draft): SuiteFile[] | undefined {
  const folder = FOLDERS.map((each) => join(each, 'tests', draft)).find((each) => existsSync(each));
  if (folder === undefined) return undefined;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name: basename(name, '.json'), groups: readGroups(join(folder, name), draft) }));
}

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

/** The draft 7 cases do not say that they are. */
function readGroups(file: string, draft: Draft): SuiteGroup[] {
  const groups = JSON.parse(readFileSync(file, 'utf8')) as SuiteGroup[];
  if (draft !== 'draft7') return groups;
  return groups.map((group) =>
    typeof group.schema === 'boolean' ? group : { ...group, schema: { $schema: DRAFT_7, ...group.schema } },
  );
}
