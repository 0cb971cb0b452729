import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Field } from '../src/request/options.ts';
import { collect } from './command.ts';

/** The options of `request` beside the global ones, in the groups that its help shows. */
export function addRequestOptions(command: Command): Command {
  for (const [heading, options] of groups()) {
    for (const option of options) command.addOption(option.helpGroup(heading));
  }
  return command;
}

/** Those of the call itself, without files: for what is made of a call. */
export function addCallOptions(command: Command): Command {
  for (const option of callOptions()) {
    if (option.long !== '--form') command.addOption(option.helpGroup(SENT));
  }
  return command;
}

/** `-f` and `-F` fill one list: their order matters where fields nest. */
class FieldOption extends Option {
  constructor(flags: string, description: string) {
    super(flags, description);
    const isTyped = flags.startsWith('-F');
    this.argParser<Field[] | undefined>((text, previous) => [...(previous ?? []), { text, isTyped }]);
  }

  override attributeName(): string {
    return 'field';
  }
}

const option = (flags: string, description: string) => new Option(flags, description);
const repeatable = (flags: string, description: string) => option(flags, description).argParser(collect);
const counted = (flags: string, description: string) => option(flags, description).argParser(count);

const SENT = 'What is sent:';

const callOptions = (): readonly Option[] => [
  option('-X, --method <method>', 'the method, in place of the first word'),
  repeatable('--path <name=value>', 'fill {name} in the path, percent-encoded (repeatable)'),
  repeatable('-q, --query <k=v>', 'append a query parameter (repeatable)'),
  repeatable('-H, --header <k:v>', 'send a header (repeatable)'),
  option('-d, --data <body>', 'the body as it is: text, @file, or - for stdin'),
  new FieldOption('-f, --raw-field <k=v>', 'a text field of a JSON body; a[b]=1 and a[]=1 nest'),
  new FieldOption('-F, --field <k=v>', 'a typed one: true, false, null, numbers, @file, @-'),
  repeatable('--form <k=v>', 'a field of a multipart form; k=@file;type=…;filename=… for a file'),
  repeatable('--urlencoded <k=v>', 'a field of an urlencoded form'),
  option('--graphql <file>', 'a GraphQL document, - for stdin; -F and -f are its variables'),
];

const groups = (): readonly (readonly [heading: string, options: readonly Option[]])[] => [
  [
    SENT,
    [
      ...callOptions(),
      option('--no-preflight', 'do not check first that the account is ACTIVE'),
      option('--dry-run', 'show the request, send nothing'),
      option('--code <language>', 'print the program that does the same').choices([
        'typescript',
        'python',
        'curl',
      ]),
    ],
  ],
  [
    'What comes back:',
    [
      option('--include', 'print the status line and headers too'),
      option('--head', 'print them alone; without a METHOD a HEAD is sent'),
      option('--raw', 'print the body as it came, on a terminal too'),
      option('--pretty', 'lay JSON out, in a pipe too'),
      option('--output <file>', 'save the body to a file; - passes it to stdout as it is'),
      option('--continue', 'go on with a download that broke off'),
      option('--no-check-status', 'a status of 400 and above is no error'),
      option('--fail-on <expr>', 'a jq expression: where it is true the answer is an error'),
    ],
  ],
  [
    'Pages, retries, repeats:',
    [
      option('--paginate', 'follow the pages: Link headers, or as the next options say'),
      option('--next <expr>', 'jq on the body: the next cursor, path or URL'),
      option('--page-param <name>', 'the parameter that takes the cursor, or counts the pages'),
      option('--page-size-param <name[=size]>', 'the parameter for the page size (100)'),
      option('--items <expr>', 'jq on the body: where the list is'),
      option('--stream', 'one JSON value a line'),
      counted('--max-pages <n>', 'stop after so many pages'),
      counted('--max-items <n>', 'stop after so many items'),
      option('--base-url <url>', "the connector's base URL, for mapping absolute links"),
      counted('--retry <n>', 'send again on 408, 425, 429, 500, 502-504 and lost connections'),
      option('--retry-all', 'with methods that are not idempotent, too'),
      counted('--repeat <n>', 'make the call so often, print latencies and statuses'),
      counted('--concurrency <n>', 'so many at a time'),
    ],
  ],
  [
    'Expectations (exit 1 where one does not hold):',
    [
      option('--expect-status <list>', 'such as 200,2xx'),
      repeatable('--expect <expr>', 'a jq expression that must give true (repeatable)'),
      repeatable('--expect-header <k:v>', 'a header and its value, or its name alone (repeatable)'),
      option('--expect-schema <file>', 'a JSON Schema that the body must fit'),
      counted('--max-duration <ms>', 'the longest that the answer may take'),
    ],
  ],
];

function count(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('It takes a whole number from 1.');
  return Number(value);
}
