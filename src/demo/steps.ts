import { setTimeout as sleep } from 'node:timers/promises';
import { completeConsent } from '../sandbox/demo/consent.ts';
import type { DemoProviders } from '../sandbox/demo/providers.ts';
import type { Sandbox } from '../sandbox/start.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What the steps play on. */
export interface Stage {
  sandbox: Sandbox;
  providers: DemoProviders;
}

export interface Step {
  title: string;
  /** As a user would type it. */
  command: string;
  argv: string[];
  exitCode: number;
  stdin?: string;
  /** What the user does in a browser while the command waits; until the signal aborts. */
  meanwhile?: (terminal: Terminal, signal: AbortSignal) => Promise<void>;
  /** What is wrong with the output, if anything. */
  check?: (stdout: string, stderr: string) => string | undefined;
}

const NOTES = ['-c', 'notes-demo', '-i', 'user_123'];
const WEATHER = ['-c', 'weather-demo', '-i', 'user_123'];
const DOCS = ['-c', 'docs-demo', '-i', 'user_123'];

export function demoSteps(stage: Stage): Step[] {
  const apiKey = JSON.stringify({ api_key: stage.providers.weatherApiKey });
  return [
    step('Which connections has the environment?', ['connections'], {
      check: holds('notes-demo', 'weather-demo', 'docs-demo'),
    }),
    step(
      'Nobody has authorized yet, so the call is refused before it is sent',
      ['request', '/v1/notes', ...NOTES],
      {
        exitCode: 4,
        check: (_stdout, stderr) =>
          stderr.includes('sk-connect authorize') ? undefined : 'it does not say what to run next',
      },
    ),
    step(
      'OAuth: get the link, let the user consent, wait until the account is ACTIVE',
      ['authorize', ...NOTES, '--wait', '--no-open', '--timeout', '10'],
      {
        meanwhile: (terminal, signal) => consent(stage, 'notes-demo', terminal, signal),
        check: holds('ACTIVE'),
      },
    ),
    step('Where does the account stand?', ['status', ...NOTES], { check: holds('ACTIVE') }),
    step(
      "The provider's REST API, through the proxy that adds the user's token",
      ['request', '/v1/notes', ...NOTES, '-q', 'limit=2'],
      {
        check: holds('"notes"'),
      },
    ),
    step(
      'A POST',
      ['request', 'POST', '/v1/notes', ...NOTES, '-d', '{"title": "From the demo", "text": "Hello"}'],
      {
        check: holds('From the demo'),
      },
    ),
    step('What the provider refuses is passed on as it is', ['request', '/v1/notes/nowhere', ...NOTES], {
      exitCode: 5,
      check: holds('404'),
    }),
    {
      ...step(
        'An API key connection: no browser, the fields come as JSON',
        ['authorize', ...WEATHER, '--credentials', '-'],
        {
          check: holds('ACTIVE'),
        },
      ),
      command: `echo '{"api_key": "…"}' | sk-connect authorize ${WEATHER.join(' ')} --credentials -`,
      stdin: apiKey,
    },
    step(
      'The proxy puts the key into the header that the connector names',
      ['request', '/v1/forecast', ...WEATHER, '-q', 'city=Lisbon'],
      {
        check: holds('Lisbon'),
      },
    ),
    step('An MCP connection without credentials is ACTIVE at once', ['authorize', ...DOCS], {
      check: holds('ACTIVE'),
    }),
    step("The MCP server's tools", ['tools', 'list', ...DOCS], { check: holds('c-docs-demo_search_docs') }),
    step(
      'One of them, executed',
      ['tools', 'exec', 'c-docs-demo_search_docs', ...DOCS, '-p', 'query=connection', '-p', 'limit=1'],
      {
        check: holds('https://docs.example/connections'),
      },
    ),
  ];
}

function step(title: string, argv: string[], rest: Partial<Step>): Step {
  return { title, argv, command: ['sk-connect', ...argv].map(quoted).join(' '), exitCode: 0, ...rest };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}

function holds(...words: string[]): (stdout: string) => string | undefined {
  return (stdout) => {
    const missing = words.filter((word) => !stdout.includes(word));
    return missing.length === 0 ? undefined : `its output lacks ${missing.join(', ')}`;
  };
}

/** The user's part: opens the link as a browser would, signs in and allows. */
async function consent(
  { sandbox }: Stage,
  connectionName: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const link = await pendingLink(sandbox, connectionName, signal);
  const page = await completeConsent(link, { userName: 'user_123', signal });
  terminal.notice(
    `  (the user signs in at the provider and allows; the browser shows “${page.title}”)`,
    terminal.errStyle.dim,
  );
}

async function pendingLink(sandbox: Sandbox, connectionName: string, signal: AbortSignal): Promise<string> {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline) {
    const found = sandbox.control.pendingLinks().find((link) => link.connectionName === connectionName);
    if (found !== undefined) return found.link;
    await sleep(20, undefined, { signal });
  }
  throw new Error(`authorize asked for no link on ${connectionName} within 5 s`);
}
