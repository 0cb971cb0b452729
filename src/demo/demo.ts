import { Readable } from 'node:stream';
import type { App } from '../app.ts';
import { messageOf, SkConnectError } from '../errors.ts';
import type { Io } from '../terminal/io.ts';
import { demoSteps, type Stage, type Step } from './steps.ts';
import { teeOutput } from './tee.ts';

/** Runs one invocation of sk-connect with this io; returns its exit code. */
export type Run = (argv: readonly string[], io: Io) => Promise<number>;

interface Outcome {
  command: string;
  exitCode: number;
  expectedExitCode: number;
  isAsExpected: boolean;
  durationMs: number;
}

/**
 * Starts the sandbox with its demo providers and runs the real commands on it. Throws `expectation` where one
 * of them did not end as it should; leaves no server and no file behind.
 */
export async function runDemo(app: App, run: Run): Promise<void> {
  const [{ startSandbox }, { startDemoProviders }] = await Promise.all([
    import('../sandbox/start.ts'),
    import('../sandbox/demo/providers.ts'),
  ]);
  const startedAt = performance.now();
  const providers = await startDemoProviders();
  const sandbox = await startSandbox({ config: providers.config }).catch(async (error: unknown) => {
    await providers.close();
    throw error;
  });
  const outcomes: Outcome[] = [];
  try {
    introduce(app, sandbox.url, providers.origins);
    for (const step of demoSteps({ sandbox, providers })) {
      app.signal.throwIfAborted();
      outcomes.push(await runStep(app, run, step, sandbox.env));
    }
  } finally {
    await Promise.all([sandbox.close(), providers.close()]);
  }
  await conclude(app, outcomes, Math.round(performance.now() - startedAt));
}

function introduce({ terminal }: App, url: string, origins: object): void {
  terminal.notice(`A sandbox runs at ${url}, with four providers of its own:`);
  for (const [name, origin] of Object.entries(origins)) terminal.notice(`  ${name.padEnd(14)} ${origin}`);
}

async function runStep(app: App, run: Run, step: Step, env: Stage['sandbox']['env']): Promise<Outcome> {
  const { terminal } = app;
  const startedAt = performance.now();
  terminal.notice(`\n# ${step.title}`, terminal.errStyle.dim);
  terminal.notice(`$ ${step.command}`, terminal.errStyle.bold);
  const stdout = teeOutput(app.io.stdout, { isSilent: terminal.isJson });
  const stderr = teeOutput(app.io.stderr, { isSilent: terminal.isJson || app.options.quiet === true });
  const io: Io = {
    ...app.io,
    stdin: Readable.from(step.stdin === undefined ? [] : [step.stdin]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    interrupt: app.signal,
    env: { ...withoutScalekit(app.io.env), ...env, SK_CONNECT_NO_TOKEN_CACHE: '1' },
  };
  const color = app.options.color === false ? ['--no-color'] : [];
  const failed = new AbortController();
  const running = run([...step.argv, ...color], io).then((code) => {
    if (code !== step.exitCode) failed.abort();
    return code;
  });
  const signal = AbortSignal.any([app.signal, failed.signal]);
  const meanwhile = step.meanwhile?.(terminal, signal).then(() => undefined, messageOf);
  const [exitCode, mishap] = await Promise.all([running, meanwhile]);
  app.signal.throwIfAborted();
  const printed = await stdout.text();
  // A body that does not end its line would run into the next command.
  if (!terminal.isJson && printed !== '' && !printed.endsWith('\n')) await terminal.print('\n');
  const problem = mishap ?? step.check?.(printed, await stderr.text());
  const isAsExpected = exitCode === step.exitCode && problem === undefined;
  if (!isAsExpected) {
    const what = exitCode === step.exitCode ? problem : `exit code ${exitCode}, not ${step.exitCode}`;
    terminal.error(`This is not as it should be: ${what}`, terminal.errStyle.red);
  } else if (exitCode !== 0) {
    terminal.notice(`(exit code ${exitCode}, as it should be)`, terminal.errStyle.dim);
  }
  const durationMs = Math.round(performance.now() - startedAt);
  return { command: step.command, exitCode, expectedExitCode: step.exitCode, isAsExpected, durationMs };
}

/** What the user has set for a real environment must not reach the demo. */
function withoutScalekit(env: Io['env']): Io['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SCALEKIT_')));
}

async function conclude(app: App, outcomes: readonly Outcome[], durationMs: number): Promise<void> {
  const { terminal } = app;
  const failed = outcomes.filter(({ isAsExpected }) => !isAsExpected);
  if (terminal.isJson) await terminal.printJson({ steps: outcomes, durationMs });
  if (failed.length > 0) {
    throw new SkConnectError(
      'expectation',
      `${failed.length} of ${outcomes.length} steps were not as they should be`,
      {
        code: 'demo_failed',
        hint: `The first: ${failed[0]?.command}`,
      },
    );
  }
  const seconds = (durationMs / 1000).toFixed(1);
  terminal.notice(
    `\n${outcomes.length} commands, all as they should be, in ${seconds} s.`,
    terminal.errStyle.green,
  );
  terminal.notice(
    'Try your own: sk-connect sandbox start, and in another terminal sk-connect status --sandbox',
  );
}
