import type { Command } from 'commander';
import { type CommandContext, declare, declareGroup, optionsOf } from '../command.ts';

export function clockCommand(context: CommandContext): Command {
  const declaration = {
    name: 'clock',
    summary: 'the time that links, tokens and accounts live by',
    examples: [
      ['sk-connect sandbox clock advance 2h', 'whatever lives shorter has expired'],
      ['sk-connect sandbox clock freeze', 'nothing expires any more'],
    ],
  } as const;
  return declareGroup(context, declaration, [
    now(context),
    advance(context),
    freeze(context),
    resume(context),
  ]);
}

function now(context: CommandContext): Command {
  return declare(context, {
    name: 'now',
    summary: 'what time it is in the sandbox',
    examples: [['sk-connect sandbox clock now', 'and how far that is ahead']],
  }).action(async (_options, command: Command) => {
    const { showClock } = await import('../../src/sandboxes/control/clock.ts');
    await showClock(await context.openApp(optionsOf(command)));
  });
}

function advance(context: CommandContext): Command {
  return declare(context, {
    name: 'advance',
    summary: 'go forward; there is no way back but reset',
    examples: [
      ['sk-connect sandbox clock advance 90s', 'also 2h, 3d, 1h30m'],
      ['sk-connect sandbox clock advance 3600', 'a bare number is seconds'],
    ],
  })
    .argument('<duration>', 'as in 90s, 2h, 3d')
    .action(async (duration: string, _options, command: Command) => {
      const { advanceClock } = await import('../../src/sandboxes/control/clock.ts');
      await advanceClock(await context.openApp(optionsOf(command)), duration);
    });
}

function freeze(context: CommandContext): Command {
  return declare(context, {
    name: 'freeze',
    summary: 'stop the time, now or at a later one',
    examples: [
      ['sk-connect sandbox clock freeze', 'where it is'],
      ['sk-connect sandbox clock freeze 2099-01-31T12:00:00Z', 'for tests that compare times'],
    ],
  })
    .argument('[time]', 'as in 2099-01-31 or 2099-01-31T12:00:00Z')
    .action(async (time: string | undefined, _options, command: Command) => {
      const { freezeClock } = await import('../../src/sandboxes/control/clock.ts');
      await freezeClock(await context.openApp(optionsOf(command)), time);
    });
}

function resume(context: CommandContext): Command {
  return declare(context, {
    name: 'resume',
    summary: 'let a frozen time run on from where it stands',
    examples: [['sk-connect sandbox clock resume', 'from where it stands']],
  }).action(async (_options, command: Command) => {
    const { resumeClock } = await import('../../src/sandboxes/control/clock.ts');
    await resumeClock(await context.openApp(optionsOf(command)));
  });
}
