/** One HTTP or gRPC attempt, told twice: when it is sent and when it is over. Carries no body and no unmasked credential. */
export interface AttemptEvent {
  phase: 'sent' | 'answered' | 'failed';
  protocol: 'http' | 'grpc';
  /** `POST https://…/oauth/token`, `scalekit.v1.tools.ToolService/ExecuteTool`. */
  call: string;
  /** Counts from 1. */
  attempt: number;
  /** Since it was sent; absent in `sent`. */
  durationMs?: number;
  /** `200 OK`, `UNAVAILABLE: …`; absent in `sent`. */
  outcome?: string;
  headers?: readonly (readonly [name: string, value: string])[];
}

export type Trace = (event: AttemptEvent) => void;

/** Tells the sending now; the returned functions tell the end. */
export function traceAttempt(
  trace: Trace,
  start: Pick<AttemptEvent, 'protocol' | 'call' | 'attempt' | 'headers'>,
) {
  const startedAt = performance.now();
  trace({ phase: 'sent', ...start });
  const { headers: _sent, ...attempt } = start;
  const end = (phase: 'answered' | 'failed', outcome: string, headers?: AttemptEvent['headers']) =>
    trace({
      ...attempt,
      phase,
      outcome,
      durationMs: performance.now() - startedAt,
      ...(headers === undefined ? {} : { headers }),
    });
  return {
    answered: (outcome: string, headers?: AttemptEvent['headers']) => end('answered', outcome, headers),
    failed: (outcome: string) => end('failed', outcome),
  };
}
