import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FaultConfig } from '../../../src/sandbox/config/types.ts';
import { findProblems } from '../../../src/sandbox/config/validate.ts';
import { loadSandboxConfig, SandboxConfigError } from '../../../src/sandbox/start.ts';
import { oneConnection, sandboxWith } from '../support/sandbox.ts';

function problemsOf(...faults: unknown[]): string[] {
  const config = { ...oneConnection(), faults };
  return findProblems(config).map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('faults of a config', () => {
  it('are there from the start, in its spelling', async () => {
    const faults: FaultConfig[] = [
      {
        match: { kind: 'proxy', connection_name: 'demo', path: '/a/**', method: 'GET', identifier: 'u' },
        effect: { grpc_code: 'unavailable', latency_ms: 5, bytes_per_second: 10, reset: false },
        times: 1,
        probability: 0.5,
        seed: 3,
      },
      {
        match: { tool_name: 'x', rpc: 'ExecuteTool' },
        effect: { status: 500, body: { snake_case: 1 }, headers: { 'x-kept_as_is': 'y' } },
      },
    ];
    const { control } = await sandboxWith({ ...oneConnection(), faults });
    expect(control.faults()).toMatchObject([
      {
        match: { kind: 'proxy', connectionName: 'demo', path: '/a/**', method: 'GET', identifier: 'u' },
        effect: { grpcCode: 'unavailable', latencyMs: 5, bytesPerSecond: 10, reset: false },
        times: 1,
        probability: 0.5,
        seed: 3,
      },
      {
        match: { toolName: 'x', rpc: 'ExecuteTool' },
        effect: { status: 500, body: { snake_case: 1 }, headers: { 'x-kept_as_is': 'y' } },
      },
    ]);
  });

  it.each<[fault: unknown, ...problems: string[]]>([
    [{}, 'faults.0.effect is required'],
    [{ effect: {} }, 'faults.0.effect says nothing that is to happen'],
    [{ effect: { grpcCode: 'internal' } }, 'faults.0.effect.grpcCode is not known here'],
    [
      { effect: { status: 42, latency_ms: 0.5 } },
      'faults.0.effect.status must be 200 to 599',
      'faults.0.effect.latency_ms must be a whole number',
    ],
    [
      { match: { connection_name: 'none' }, effect: { status: 500 } },
      'faults.0.match.connection_name no connection is called none',
    ],
    [
      { match: { kind: 'oauth' }, effect: { grpc_code: 'internal' } },
      'faults.0.effect.grpc_code the provider is asked for tokens, and it answers with a status',
    ],
    [
      { match: { rpc: 'List*' }, effect: { retry_after_seconds: 1 } },
      'faults.0.effect.retry_after_seconds is a provider’s answer, and this RPC asks no provider: give a grpc_code',
    ],
  ])('%j', (fault, ...problems) => {
    expect(problemsOf(fault)).toEqual(problems);
  });

  it('are told with their line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sk-connect-faults-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'sandbox.yaml');
    await writeFile(
      file,
      'connectors: []\nconnections: []\nfaults:\n  - match: { path: notes }\n    effect: { status: 500 }\n',
    );
    const error: unknown = await loadSandboxConfig(file).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(SandboxConfigError);
    expect(error).toMatchObject({
      problems: [{ path: 'faults[0].match.path', line: 4, message: 'must begin with /' }],
    });
  });
});
