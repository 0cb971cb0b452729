import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FaultOptions } from '../../src/sandboxes/control/faults.ts';
import { type CommandContext, collect, declare, declareGroup, optionsOf } from '../command.ts';

export function faultsCommand(context: CommandContext): Command {
  const declaration = {
    name: 'faults',
    summary: 'what goes wrong on purpose',
    examples: [
      ['sk-connect sandbox faults add -c notes-demo --status 503 --once', 'the next call fails'],
      ['sk-connect sandbox faults clear', 'all is well again'],
    ],
  } as const;
  return declareGroup(context, declaration, [list(context), add(context), remove(context), clear(context)]);
}

function list(context: CommandContext): Command {
  return declare(context, {
    name: 'list',
    summary: 'the faults, and how often each struck',
    examples: [['sk-connect sandbox faults list', 'the first one that fits a call strikes']],
  }).action(async (_options, command: Command) => {
    const { listFaults } = await import('../../src/sandboxes/control/faults.ts');
    await listFaults(await context.openApp(optionsOf(command)));
  });
}

const KINDS = ['proxy', 'tool', 'grpc', 'rest', 'token', 'oauth'];

function add(context: CommandContext): Command {
  return declare(context, {
    name: 'add',
    summary: 'make calls go wrong',
    details: [
      '-c, -i and the flags up to --rpc say which calls (every call without them), the others what happens to them.',
      "--status is the provider's answer, for a tool a TOOL_ERROR; --grpc-code is Scalekit's own refusal.",
    ].join('\n'),
    examples: [
      [
        'sk-connect sandbox faults add -c notes-demo --path "/v1/notes/**" --status 503 --times 3',
        'then it works',
      ],
      [
        'sk-connect sandbox faults add --rate-limit 30 --probability 0.2 --seed 7',
        '429 with Retry-After, now and then',
      ],
      ['sk-connect sandbox faults add --tool "*_search" --latency 2s', 'slow tools'],
      [
        'sk-connect sandbox faults add --rpc ExecuteTool --grpc-code unavailable --once',
        'Scalekit is down for a moment',
      ],
    ],
  })
    .addOption(new Option('--kind <kind>', 'only calls of this kind').choices(KINDS))
    .option('--tool <glob>', 'only this tool; * is anything')
    .option('--path <glob>', "only this path at the provider; * is a segment's, ** anything")
    .option('--method <method>', 'only this HTTP method')
    .option('--rpc <name>', 'only this RPC, as in ExecuteTool')
    .option(
      '--status <code>',
      'answer with this HTTP status in place of the provider',
      number(200, 599, 'a status from 200 to 599'),
    )
    .option('--body <body>', 'with --status: the body, as text, @file or -')
    .option('--header <name:value>', 'with --status: a header (repeatable)', collect)
    .option('--grpc-code <code>', 'refuse as Scalekit does: unavailable, permission_denied, …')
    .option('--rate-limit [duration]', 'answer 429 with Retry-After (1s)')
    .option('--latency <duration>', 'wait so long first, as in 250ms or 2s')
    .option(
      '--bytes-per-second <n>',
      'send the body at this pace',
      number(1, Number.MAX_SAFE_INTEGER, 'a number of bytes'),
    )
    .option('--reset', 'break the connection off within the answer')
    .option(
      '--times <n>',
      'strike so often, then never again',
      number(1, Number.MAX_SAFE_INTEGER, 'a number from 1'),
    )
    .option('--once', 'the same as --times 1')
    .option('--probability <p>', 'strike now and then: 0.2 is every fifth call', fraction)
    .option(
      '--seed <n>',
      'with --probability: the same seed strikes the same calls',
      number(0, 2 ** 31 - 1, 'a whole number below 2147483648'),
    )
    .action(async (_options, command: Command) => {
      const options = optionsOf<FaultOptions>(command);
      const { addFault } = await import('../../src/sandboxes/control/faults.ts');
      await addFault(await context.openApp(options), options);
    });
}

function remove(context: CommandContext): Command {
  return declare(context, {
    name: 'remove',
    summary: 'remove one fault',
    examples: [['sk-connect sandbox faults remove flt_1', 'by its id']],
  })
    .argument('<fault>', 'its id')
    .action(async (id: string, _options, command: Command) => {
      const { removeFault } = await import('../../src/sandboxes/control/faults.ts');
      await removeFault(await context.openApp(optionsOf(command)), id);
    });
}

function clear(context: CommandContext): Command {
  return declare(context, {
    name: 'clear',
    summary: 'remove every fault',
    examples: [['sk-connect sandbox faults clear', 'every call goes through again']],
  }).action(async (_options, command: Command) => {
    const { clearFaults } = await import('../../src/sandboxes/control/faults.ts');
    await clearFaults(await context.openApp(optionsOf(command)));
  });
}

function number(least: number, most: number, what: string): (value: string) => number {
  return (value) => {
    const given = Number(value);
    if (!/^\d+$/.test(value) || given < least || given > most)
      throw new InvalidArgumentError(`It takes ${what}.`);
    return given;
  };
}

function fraction(value: string): number {
  const given = Number(value);
  if (!/^\d*\.?\d+$/.test(value) || given > 1)
    throw new InvalidArgumentError('It takes a number from 0 to 1.');
  return given;
}
