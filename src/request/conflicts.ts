import type { GlobalOptions } from '../config/options.ts';
import { usageError } from '../errors.ts';
import { isStdin } from '../terminal/input.ts';
import { readTarget } from './call/method.ts';
import type { RequestOptions } from './options.ts';

/**
 * Throws a usage error for options that contradict each other, or that mean nothing without another. What
 * depends on a value, as a path or an expression does, is checked where that is read.
 */
export function checkOptions(
  words: readonly string[],
  options: RequestOptions,
  globalOptions: GlobalOptions,
): void {
  checkValues(options);
  readTarget(words, options.method);
  const given = givenFlags(words, options, globalOptions);
  checkBodies(given);
  checkStdin(options);
  for (const [flag, others, reason] of NEEDS) {
    if (!given.has(flag) || others.some((other) => given.has(other))) continue;
    throw usageError(
      `${flag} needs ${others.join(' or ')}: ${reason}`,
      `Add ${others[0]}, or leave ${flag} out.`,
      {
        code: 'conflicting_options',
      },
    );
  }
  for (const [flag, others, reason, hint] of EXCLUDES) {
    const other = others.find((each) => given.has(each));
    if (given.has(flag) && other !== undefined) throw contradiction(flag, other, reason, hint);
  }
}

type Flag = keyof ReturnType<typeof flags>;

/** What was given, under the name it is called by in messages. */
function flags(words: readonly string[], o: RequestOptions, { jq, json }: GlobalOptions) {
  const toFile = o.output !== undefined && o.output !== '-';
  return {
    '-d/--data': o.data !== undefined,
    '-f/-F': o.field !== undefined,
    '--form': o.form !== undefined,
    '--urlencoded': o.urlencoded !== undefined,
    '--graphql': o.graphql !== undefined,
    '--dry-run': o.dryRun === true,
    '--code': o.code !== undefined,
    '--include': o.include === true,
    '--head': o.head === true,
    '--head without a METHOD': o.head === true && o.method === undefined && words.length < 2,
    '--raw': o.raw === true,
    '--pretty': o.pretty === true,
    '--json': json === true,
    '--jq': jq !== undefined,
    '--jq without --json': jq !== undefined && json !== true,
    '--jq without --json and --paginate': jq !== undefined && json !== true && o.paginate !== true,
    '--output': o.output !== undefined,
    '--output FILE': toFile,
    '--continue': o.continue === true,
    '--fail-on': o.failOn !== undefined,
    '--paginate': o.paginate === true,
    '--next': o.next !== undefined,
    '--page-param': o.pageParam !== undefined,
    '--page-size-param': o.pageSizeParam !== undefined,
    '--items': o.items !== undefined,
    '--stream': o.stream === true,
    '--max-pages': o.maxPages !== undefined,
    '--max-items': o.maxItems !== undefined,
    '--base-url': o.baseUrl !== undefined,
    '--retry': o.retry !== undefined,
    '--retry-all': o.retryAll === true,
    '--repeat': o.repeat !== undefined,
    '--concurrency': o.concurrency !== undefined,
    '--expect': o.expect !== undefined,
    '--expect-schema': o.expectSchema !== undefined,
  };
}

function givenFlags(...given: Parameters<typeof flags>): ReadonlySet<Flag> {
  const all = Object.entries(flags(...given)) as [Flag, boolean][];
  return new Set(all.filter(([, isGiven]) => isGiven).map(([flag]) => flag));
}

const PAGES = '--paginate' satisfies Flag;
const PAGES_ONLY = 'it says how pages are followed';

const NEEDS: readonly (readonly [flag: Flag, oneOf: readonly Flag[], reason: string])[] = [
  ['--next', [PAGES], PAGES_ONLY],
  ['--page-param', [PAGES], PAGES_ONLY],
  ['--page-size-param', [PAGES], PAGES_ONLY],
  ['--items', [PAGES], PAGES_ONLY],
  ['--stream', [PAGES], PAGES_ONLY],
  ['--max-pages', [PAGES], PAGES_ONLY],
  ['--max-items', [PAGES], PAGES_ONLY],
  ['--base-url', [PAGES], PAGES_ONLY],
  ['--retry-all', ['--retry'], 'it says which methods are tried again'],
  ['--concurrency', ['--repeat'], 'one call is made at a time'],
  ['--continue', ['--output FILE'], 'that names the download to go on with'],
];

const BODY_ONLY = 'it looks at the body, and that leaves it out';

const EXCLUDES: readonly (readonly [flag: Flag, others: readonly Flag[], reason: string, hint?: string])[] = [
  ['--raw', ['--jq', '--pretty', '--json'], 'it prints the body as it came'],
  ['--pretty', ['--json'], 'that prints a document of its own, on one line'],
  [
    '--jq without --json and --paginate',
    ['--output FILE'],
    'that saves the body as it came',
    'Leave --output out and write > FILE for what --jq prints.',
  ],
  ['--jq without --json', ['--head'], BODY_ONLY],
  ['--fail-on', ['--head'], BODY_ONLY],
  ['--expect', ['--head'], BODY_ONLY],
  ['--expect-schema', ['--head'], BODY_ONLY],
  ['--head', ['--output', '--raw', '--pretty'], 'it leaves the body out'],
  [
    '--head without a METHOD',
    ['-d/--data', '--form', '--urlencoded', '--graphql'],
    'it sends a HEAD, which has no body',
    'Write the METHOD: sk-connect request POST PATH --head … prints the head of its answer.',
  ],
  [
    '--paginate',
    ['--repeat', '--head', '--include', '--raw', '--continue'],
    'it makes one document of many answers',
  ],
  ['--stream', ['--json', '--expect', '--expect-schema'], 'it keeps no page that it has printed'],
  [
    '--repeat',
    ['--output', '--include', '--raw', '--pretty', '--jq without --json'],
    'it prints a summary in place of the answers',
  ],
  ['--dry-run', ['--code'], 'each prints something else in place of the call'],
];

const BODIES = ['-d/--data', '-f/-F', '--form', '--urlencoded', '--graphql'] satisfies Flag[];

function checkBodies(given: ReadonlySet<Flag>): void {
  const [first, second] = BODIES.filter((flag) => given.has(flag) && !isVariables(flag, given));
  if (first === undefined || second === undefined) return;
  throw contradiction(first, second, 'a call has one body');
}

function isVariables(flag: Flag, given: ReadonlySet<Flag>): boolean {
  return flag === '-f/-F' && given.has('--graphql');
}

/** An option whose value was forgotten takes the next word for it, `-d -c`: what then goes wrong would mislead. */
function checkValues({ data, method, output, graphql, query = [] }: RequestOptions): void {
  const values = [
    ['-d', data],
    ['-X', method],
    ['--output', output],
    ['--graphql', graphql],
    ...query.map((pair) => ['-q', pair] as const),
  ] as const;
  for (const [flag, value = ''] of values) {
    if (!/^(-[A-Za-z]|--[a-z][a-z-]*)$/.test(value)) continue;
    throw usageError(
      `${flag} has no value: ${value} stands in its place`,
      `Write ${flag} VALUE ${value} ….`,
      {
        code: 'missing_value',
      },
    );
  }
}

/** Every option that reads stdin, which can be read once. */
function checkStdin({ data, field = [], form = [], graphql, expectSchema }: RequestOptions): void {
  const fields = field.filter(({ isTyped }) => isTyped).map(({ text }) => text);
  const [first, second] = [
    ...(isStdin(data) ? ['-d/--data'] : []),
    ...(graphql === '-' ? ['--graphql'] : []),
    ...fields.filter((text) => /^[^=]*=@-$/.test(text)).map((text) => `-F ${nameOf(text)}`),
    ...form.filter((text) => /^[^=]*=@-(;|$)/.test(text)).map((text) => `--form ${nameOf(text)}`),
    ...(expectSchema === '-' ? ['--expect-schema'] : []),
  ];
  if (first === undefined || second === undefined) return;
  throw usageError(`${first} and ${second} both read stdin`, 'Give one of them a file.', {
    code: 'conflicting_options',
  });
}

function nameOf(pair: string): string {
  return pair.slice(0, pair.indexOf('='));
}

function contradiction(flag: Flag, other: Flag, reason: string, hint?: string) {
  const [first, second] = [flag, other].map((each) => each.replace(/ without .*/, ''));
  return usageError(
    `${first} and ${second} contradict each other: ${reason}`,
    hint ?? `Leave ${first} or ${second} out.`,
    { code: 'conflicting_options' },
  );
}
