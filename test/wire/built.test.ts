import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { expectNoSecrets } from '../commands/secrets.ts';
import { shell } from '../e2e/support/program.ts';
import { subjects } from './subjects.ts';
import { check, type Runner, useWire } from './support/stage.ts';

vi.setConfig({ testTimeout: 20_000 });
const stage = useWire();

/** In a shell, in a process of its own. */
const built: Runner = async ({ typed, stdin = '', connection = 'wire', identifier = 'user_1' }, cwd) => {
  const given = join(cwd, '.stdin');
  const printed = join(cwd, '.stdout');
  await writeFile(given, stdin);
  const line = `sk-connect request ${typed} -c ${connection} -i ${identifier} < ${given} > ${printed}`;
  const { code, stderr } = await shell(line, { env: stage.sandbox.env, cwd });
  const stdout = await readFile(printed);
  expectNoSecrets([line], [stdout.toString()]);
  return { exitCode: code, stdout, stderr };
};

const cases = subjects.flatMap(([subject, all]) =>
  all.filter(({ isAlsoBuilt }) => isAlsoBuilt).map((each) => [`${subject}: ${each.what}`, each] as const),
);

it('there are some of each kind', () => {
  expect(cases.length).toBeGreaterThan(10);
});

it.each(cases)('%s', (_what, given) => check(stage, given, built));
