import { requireAccountKey } from '../../accounts/select.ts';
import type { App } from '../../app.ts';
import { checkContracts } from '../../contracts/check.ts';
import type { Contract } from '../../contracts/contract.ts';
import { noSecret } from '../../contracts/lint/rules/secrets.ts';
import { pathText } from '../../contracts/problems.ts';
import { interrupted, usageError } from '../../errors.ts';
import { checkJq } from '../../json/jq.ts';
import { maskQuery } from '../../redact.ts';
import { buildCall } from '../../request/call/build.ts';
import { checkOptions } from '../../request/conflicts.ts';
import { confirm } from '../../terminal/ask.ts';
import { type GoodAnswer, isMutating, requestOnce } from './answer.ts';
import { toolText } from './append-tool.ts';
import { askDescription, askInputs, askOutput } from './ask-draft.ts';
import { buildContract, type ChosenInput, type Draft, inputValues } from './build-contract.ts';
import { shapeOf } from './call-shape.ts';
import { chooseInputs } from './choose-inputs.ts';
import { findParts } from './find-parts.ts';
import { inputName } from './input-names.ts';
import type { NewOptions } from './options.ts';
import { proposeError } from './propose-error.ts';
import { proposeOutput } from './propose-output.ts';
import { rehearse } from './rehearse.ts';
import { printResult, tellRehearsal } from './report.ts';
import type { CallShape, Part } from './request-parts.ts';
import { openTarget } from './target.ts';

/**
 * Sends a request, makes a contract of it and its answer, adds that to a file and runs it once. On a terminal it asks
 * what the flags leave open. Throws what `request` throws; the file is as it was then.
 */
export async function newTool(
  app: App,
  name: string,
  words: readonly string[],
  options: NewOptions,
): Promise<void> {
  await checkCommandLine(app, name, words, options);
  const { file = 'tools.yaml' } = options;
  const target = file === '-' ? undefined : await openTarget(app.io, file, name);
  const key = await requireAccountKey(app);
  const { call, shape, parts, proposed } = await readCall(app, key, words, options);
  const draft = draftOf(name, key.connectionName, shape, options);
  refuseSecrets(buildContract({ ...draft, inputs: [] }));
  if (options.dryRun === true) {
    const output = options.outputExpr === undefined ? {} : { output: options.outputExpr };
    await app.terminal.print(toolText(buildContract({ ...draft, inputs: proposed, outcome: output })));
    return app.terminal.notice('Nothing was sent or written (--dry-run); output is proposed from an answer.');
  }
  const answer = await requestOnce(app, call, options);
  const inputs = app.terminal.canPrompt ? await askInputs(app, parts, proposed, options) : proposed;
  const contract = withoutSecretExamples(await completed(app, { ...draft, inputs }, answer, options));
  await requireSound(contract);
  if (!app.terminal.isJson) await app.terminal.print(toolText(contract));
  const rehearsal = await rehearse(app, contract, inputValues(inputs), answer);
  tellRehearsal(app, rehearsal);
  if (target !== undefined) await askToWrite(app, file);
  const added = await target?.add(contract);
  await printResult(app, { contract, file, key, inputs, added, rehearsal });
}

/** Throws what is wrong with the contract by its format: of a call that no contract can make. */
async function requireSound(contract: Contract): Promise<void> {
  const findings = await checkContracts({ tools: [contract] });
  if (findings.length === 0) return;
  const [first] = findings.map(({ path, message }) => `${pathText(path.slice(2))} ${message}`);
  throw usageError(
    `the request makes no contract: ${first}`,
    'Write the request in another way, or the contract by hand.',
    {
      code: 'bad_contract',
    },
  );
}

async function checkCommandLine(
  app: App,
  name: string,
  words: readonly string[],
  options: NewOptions,
): Promise<void> {
  checkOptions(words, options, app.options);
  if (options.outputExpr !== undefined) await checkJq(options.outputExpr, '--output-expr');
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return;
  throw usageError(
    `${JSON.stringify(name)} is no name for a tool`,
    'Use letters, digits, _ and -, at most 64: provider, verb and noun, as in slack_send_message.',
    { code: 'bad_tool_name' },
  );
}

type Key = Awaited<ReturnType<typeof requireAccountKey>>;

async function readCall(app: App, key: Key, words: readonly string[], options: NewOptions) {
  const typed = await buildCall(app, key, words, options);
  const shape = shapeOf(words, options, typed);
  const parts: Part[] = findParts(shape, { isGraphql: options.graphql !== undefined });
  return { call: typed.call, shape, parts, proposed: chooseInputs(parts, options) };
}

function draftOf(
  name: string,
  connectionName: string,
  shape: CallShape,
  { description, graphql }: NewOptions,
): Omit<Draft, 'inputs'> {
  return {
    name,
    connectionName,
    shape,
    isReadOnly: !isMutating(shape.method) || (graphql !== undefined && isQueryDocument(shape)),
    outcome: {},
    ...(description === undefined ? {} : { description }),
  };
}

/** A GraphQL document that holds a query and nothing that changes something. */
function isQueryDocument({ body }: CallShape): boolean {
  const document: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'query') : undefined;
  return typeof document === 'string' && !/\b(mutation|subscription)\b/.test(document.replace(/#.*$/gm, ''));
}

/** With what there is to say about its answer. */
async function completed(
  app: App,
  draft: Draft & { inputs: readonly ChosenInput[] },
  { json }: GoodAnswer,
  { description, outputExpr, graphql }: NewOptions,
): Promise<Contract> {
  const { canPrompt } = app.terminal;
  const answer: unknown = JSON.parse(json);
  const proposed = outputExpr ?? proposeOutput(answer, resourceOf(draft.shape));
  const told = description ?? (canPrompt ? await askDescription(app) : undefined);
  const output = outputExpr === undefined && canPrompt ? await askOutput(app, proposed, json) : proposed;
  const failure = proposeError(answer, { toolName: draft.name, isGraphql: graphql !== undefined });
  return buildContract({
    ...draft,
    ...(told === undefined ? {} : { description: told }),
    outcome: { output, ...failure },
  });
}

/** What a list is called that has no name of its own: by the last segment of the path. */
function resourceOf({ path }: CallShape): string {
  const texts = path.flatMap((piece) => (typeof piece === 'string' ? piece.split('/') : []));
  const last = texts.findLast((text) => text !== '');
  return last === undefined ? 'items' : inputName(last);
}

/** A file that everybody reads must not hold what the request did. */
function refuseSecrets(contract: Contract): void {
  const [found] = noSecret.check(contract);
  if (found === undefined) return;
  const { path, message } = found;
  throw usageError(
    `${path.slice(1).join('.')} of the request cannot be part of a contract: ${maskQuery(message)}`,
    "Take it out of the request: Scalekit adds the account's credentials.",
    { code: 'secret_in_contract' },
  );
}

function withoutSecretExamples(contract: Contract): Contract {
  const hasSecret = [...noSecret.check(contract)].some(({ path }) => path[0] === 'examples');
  if (!hasSecret) return contract;
  const { examples: _examples, ...rest } = contract;
  return rest;
}

async function askToWrite(app: App, file: string): Promise<void> {
  if (!app.terminal.canPrompt || app.options.yes === true) return;
  if (!(await confirm(app, `Write it to ${file}?`))) throw interrupted('nothing was written');
}
