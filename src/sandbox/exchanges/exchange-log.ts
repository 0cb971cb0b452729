import { maskQuery, maskText } from '../../redact.ts';
import { isoTime } from '../clock.ts';
import type { Exchange, ExchangeFilter, ExchangeKind, ExchangePage } from '../interface/exchanges.ts';
import type { Changes } from '../state/changes.ts';

/** A call that is still being answered; whoever handles it fills in what it turns out to be about. */
export interface OpenExchange {
  readonly kind: ExchangeKind;
  readonly method: string;
  /** As it was sent: redacted when the exchange ends. */
  readonly path: string;
  readonly at: number;
  readonly startedAt: number;
  connectionName?: string | undefined;
  identifier?: string | undefined;
  toolName?: string | undefined;
  /** `ok`, or what Scalekit itself refused the call with. */
  grpcCode?: string | undefined;
  /** The id of the fault that hit it. */
  fault?: string | undefined;
  error?: string | undefined;
  /** Its connection was ended before anything of the answer was on its way. */
  isCutOff?: boolean;
}

export type ExchangeLog = ReturnType<typeof createExchangeLog>;

export const MOST_EXCHANGES = 1000;
const LONGEST_TEXT = 2000;

/** The last exchanges, redacted as they end. Ids rise by one and are never reused. */
export function createExchangeLog(now: () => number, changes: Changes) {
  const ring: Exchange[] = [];
  let nextId = 1;
  let oldestId = 1;

  return {
    begin(kind: ExchangeKind, method: string, path: string): OpenExchange {
      return { kind, method, path, at: now(), startedAt: performance.now() };
    },

    /** @param status null where nothing was answered */
    end(open: OpenExchange, status: number | null): void {
      const exchange: Exchange = {
        id: nextId,
        at: isoTime(open.at),
        kind: open.kind,
        method: open.method,
        path: shownPath(open),
        connectionName: open.connectionName || null,
        identifier: open.identifier || null,
        toolName: open.toolName || null,
        status,
        grpcCode: open.grpcCode ?? null,
        durationMs: Math.round((performance.now() - open.startedAt) * 10) / 10,
        fault: open.fault ?? null,
        error: open.error === undefined ? null : shortened(maskText(open.error)),
      };
      ring[nextId % MOST_EXCHANGES] = exchange;
      nextId += 1;
      oldestId = Math.max(oldestId, nextId - MOST_EXCHANGES);
      changes.emit('exchange', exchange);
    },

    /** Oldest first: those that follow `after`, else the last ones. */
    list({ after, limit = MOST_EXCHANGES, connectionName, identifier }: ExchangeFilter = {}): ExchangePage {
      const found: Exchange[] = [];
      const from = Math.max(oldestId, (after ?? 0) + 1);
      for (let id = from; id < nextId; id += 1) {
        const exchange = ring[id % MOST_EXCHANGES];
        if (!exchange) continue;
        const isWanted =
          (connectionName === undefined || exchange.connectionName === connectionName) &&
          (identifier === undefined || exchange.identifier === identifier);
        if (isWanted) found.push(exchange);
        if (after !== undefined && found.length === limit) return { exchanges: found, nextAfter: id };
      }
      const exchanges = found.slice(Math.max(0, found.length - limit));
      return { exchanges, nextAfter: Math.max(after ?? 0, nextId - 1) };
    },

    clear(): void {
      ring.length = 0;
      oldestId = nextId;
    },
  };
}

/** Without the token of a link, and what an authorization hands around. */
function shownPath({ kind, path }: OpenExchange): string {
  let shown = path.includes('?') || path.includes('#') ? maskQuery(path) : path;
  if (kind === 'page') {
    shown = shown
      .replace(/^(\/magicLink\/)[^/?#]+/i, '$1***')
      .replace(/([?&](?:state|auth_request_id)=)[^&#]*/gi, '$1***');
  }
  return shortened(shown);
}

function shortened(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
