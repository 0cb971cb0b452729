import type { App } from '../../app.ts';
import type { Contract } from '../../contracts/contract.ts';
import { type LintProblem, lintSource } from '../../contracts/lint/lint.ts';
import { readSource } from '../../contracts/source.ts';
import { placeText } from '../../contracts/tool.ts';
import { indentJson } from '../../json/indent.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import { commandLine } from '../../terminal/command-line.ts';
import { JsonText } from '../../terminal/terminal.ts';
import type { ChosenInput } from './build-contract.ts';
import type { Rehearsal } from './rehearse.ts';
import type { Added } from './target.ts';

interface Made {
  contract: Contract;
  file: string;
  key: AccountKey;
  inputs: readonly ChosenInput[];
  /** Undefined where it was printed only. */
  added: Added | undefined;
  rehearsal: Rehearsal;
}

/** Tells what the tool gave. */
export function tellRehearsal({ terminal, redactor }: App, { output, difference, isSent }: Rehearsal): void {
  if (difference !== undefined) {
    terminal.notice(`Mind: the ${difference} of the tool's call differs from that of your request.`);
  }
  if (terminal.isJson) return;
  const what = isSent ? 'Run once, the tool gives' : 'Of that answer (nothing was sent again) the tool gives';
  terminal.notice(`${what}:\n${redactor.apply(indentJson(output))}`);
}

/** Tells where the tool is, what is left to do by the practices of `tools lint`, and how it is run; as JSON all of it. */
export async function printResult(app: App, made: Made): Promise<void> {
  const { terminal } = app;
  const { contract, file, added, rehearsal } = made;
  const command = added === undefined ? null : execCommand(app, made);
  const problems = added === undefined ? [] : await practicesOf(file, added.text, contract.name);
  if (terminal.isJson) {
    const facts = {
      tool: contract.name,
      file: added === undefined ? null : file,
      line: added?.line ?? null,
      command,
      problems: problems.map(({ line, path, rule, severity, message }) => ({
        line,
        path,
        rule,
        severity,
        message,
      })),
      contract,
    };
    const start = JSON.stringify(facts).slice(0, -1);
    return terminal.printJson(new JsonText(`${start},"output":${rehearsal.output}}`));
  }
  if (added === undefined) return;
  terminal.notice(`✓ Wrote ${contract.name} to ${file}:${added.line}`, terminal.errStyle.green);
  for (const problem of problems) {
    const { severity, rule, message } = problem;
    terminal.notice(`${placeText(problem)} ${severity} ${rule}: ${message}`, terminal.errStyle.yellow);
  }
  terminal.notice(`  → Run it: ${command}`);
}

function execCommand(app: App, { contract, file, key, inputs }: Made): string {
  const params = inputs
    .filter(({ isRequired }) => isRequired)
    .flatMap(({ name, part: { value } }) => [
      '-p',
      `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]);
  const words = ['tools', 'exec', contract.name, '--contracts', file, '-i', key.identifier, ...params];
  return commandLine(app.options, ...words);
}

async function practicesOf(file: string, text: string, toolName: string): Promise<LintProblem[]> {
  const problems = await lintSource(readSource(file, text));
  return problems.filter(({ tool, severity }) => tool === toolName && severity !== 'hint');
}
