/** What the processes of the load test have to agree on. */
export const WORKERS = 50;
export const OAUTH_USERS = 10;

const proxied = (path, effect, probability) => ({
  match: { kind: 'proxy', path },
  effect,
  probability,
  seed: 1,
});

export const FAULTS = [
  proxied('/api/faulty/**', { status: 503, body: { error: 'down' } }, 0.3),
  proxied('/api/faulty/**', { retry_after_seconds: 1 }, 0.2),
  proxied('/api/faulty/**', { grpc_code: 'unavailable' }, 0.1),
  proxied('/api/reset/**', { reset: true }, 0.5),
  proxied('/api/slow/**', { bytes_per_second: 50_000 }, 0.5),
  proxied('/api/**', { latency_ms: 30 }, 0.05),
  {
    match: { kind: 'grpc', rpc: 'UpdateConnectedAccount' },
    effect: { grpc_code: 'aborted' },
    probability: 0.05,
    seed: 2,
  },
  {
    match: { kind: 'grpc', rpc: 'ListConnectedAccounts' },
    effect: { latency_ms: 50 },
    probability: 0.05,
    seed: 3,
  },
  { match: { kind: 'tool', tool_name: 'c-mcp_*' }, effect: { status: 500 }, probability: 0.1, seed: 4 },
  { match: { kind: 'oauth' }, effect: { latency_ms: 100 }, probability: 0.3, seed: 5 },
];
