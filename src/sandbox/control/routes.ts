import { z } from 'zod';
import type { ConnectionConfig } from '../config/types.ts';
import { followExchanges } from '../exchanges/follow.ts';
import type { LinkDenial, SandboxControl } from '../interface/control.ts';
import type { FaultInput } from '../interface/faults.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { parse } from './parse.ts';

export interface ControlCall {
  /** What stands in the path's place. */
  name: string;
  query: Readonly<Record<string, string>>;
  /** Parsed JSON; `{}` where nothing was sent. */
  body: unknown;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

export interface ControlRoute {
  /** The same in the OpenAPI file. */
  operationId: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/sandbox/v1`; `{…}` is one segment. */
  path: string;
  /** Of the answer; 204 has none. */
  status: 200 | 201 | 204;
  run: (control: SandboxControl, call: ControlCall, state: SandboxState) => unknown;
}

const text = z.string().optional();
const number = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)
  .optional();
const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional();

const noQuery = z.strictObject({});
const linksQuery = z.strictObject({ state: text });
const accountsQuery = z.strictObject({ connectionName: text, identifier: text, status: text });
const exchangesQuery = z.strictObject({
  after: number,
  limit: number,
  connectionName: text,
  identifier: text,
  waitSeconds: z
    .string()
    .regex(/^([0-9]|[12][0-9]|30)$/, 'must be 0 to 30')
    .transform(Number)
    .optional(),
});
const snapshotQuery = z.strictObject({ includeSecrets: flag });

const nothing = z.strictObject({});
const approval = z.strictObject({ fields: z.record(z.string(), z.string()).optional() });
const newStatus = z.strictObject({ status: z.string() });
const advance = z.strictObject({ seconds: z.number() });
const freeze = z.strictObject({ at: z.string().optional() });

/** Everything below `/sandbox/v1` but the OpenAPI file, in its order. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  route('getOverview', 'GET', '/', 200, (control) => control.overview()),

  route('listLinks', 'GET', '/links', 200, (control, { query }) => ({
    links: control.links(parse(linksQuery, query) as Parameters<SandboxControl['links']>[0]),
  })),
  route('getLink', 'GET', '/links/{id}', 200, (control, { name }) => control.link(name)),
  route('approveLink', 'POST', '/links/{id}/approve', 200, (control, { name, body }) =>
    control.approveLink(name, parse(approval, body).fields),
  ),
  route('denyLink', 'POST', '/links/{id}/deny', 200, (control, { name, body }) =>
    control.denyLink(name, body as LinkDenial),
  ),

  route('listAccounts', 'GET', '/accounts', 200, (control, { query }) => ({
    accounts: control.accounts(parse(accountsQuery, query) as Parameters<SandboxControl['accounts']>[0]),
  })),
  route('getAccount', 'GET', '/accounts/{id}', 200, (control, { name }) => control.account(name)),
  route('expireAccount', 'POST', '/accounts/{id}/expire', 200, (control, { name, body }) => {
    parse(nothing, body);
    return control.expireAccount(name);
  }),
  route('revokeAccount', 'POST', '/accounts/{id}/revoke', 200, (control, { name, body }) => {
    parse(nothing, body);
    return control.revokeAccount(name);
  }),
  route('disconnectAccount', 'POST', '/accounts/{id}/disconnect', 200, (control, { name, body }) => {
    parse(nothing, body);
    return control.disconnectAccount(name);
  }),
  route('setAccountStatus', 'PUT', '/accounts/{id}/status', 200, (control, { name, body }) => {
    const { connectionName, identifier } = control.account(name);
    const { status } = parse(newStatus, body) as {
      status: Parameters<SandboxControl['setAccountStatus']>[2];
    };
    return control.setAccountStatus(connectionName, identifier, status);
  }),

  route('getClock', 'GET', '/clock', 200, (control) => control.clock()),
  route('advanceClock', 'POST', '/clock/advance', 200, (control, { body }) =>
    control.advanceClock(parse(advance, body).seconds),
  ),
  route('freezeClock', 'POST', '/clock/freeze', 200, (control, { body }) =>
    control.freezeClock(parse(freeze, body).at),
  ),
  route('resumeClock', 'POST', '/clock/resume', 200, (control, { body }) => {
    parse(nothing, body);
    return control.resumeClock();
  }),

  route('listFaults', 'GET', '/faults', 200, (control) => ({ faults: control.faults() })),
  route('addFault', 'POST', '/faults', 201, (control, { body }) => control.addFault(body as FaultInput)),
  route('clearFaults', 'DELETE', '/faults', 204, (control) => control.clearFaults()),
  route('getFault', 'GET', '/faults/{id}', 200, (control, { name }) => control.fault(name)),
  route('removeFault', 'DELETE', '/faults/{id}', 204, (control, { name }) => control.removeFault(name)),

  route('listConnections', 'GET', '/connections', 200, (control) => ({ connections: control.connections() })),
  route('addConnection', 'POST', '/connections', 201, (control, { body }) =>
    control.addConnection(body as ConnectionConfig),
  ),
  route('getConnection', 'GET', '/connections/{name}', 200, (control, { name }) => control.connection(name)),
  route('removeConnection', 'DELETE', '/connections/{name}', 204, (control, { name }) =>
    control.removeConnection(name),
  ),

  route('listExchanges', 'GET', '/exchanges', 200, (control, { query, signal }, state) => {
    const { waitSeconds = 0, ...filter } = parse(exchangesQuery, query);
    return followExchanges(state, () => control.exchanges(filter), waitSeconds, signal);
  }),
  route('clearExchanges', 'DELETE', '/exchanges', 204, (control) => control.clearExchanges()),

  route('takeSnapshot', 'GET', '/snapshot', 200, (control, { query }) =>
    control.snapshot(parse(snapshotQuery, query)),
  ),
  route('restoreSnapshot', 'PUT', '/snapshot', 200, (control, { body }) => control.restore(body)),
  route('reset', 'POST', '/reset', 200, (control, { body }) => {
    parse(nothing, body);
    return control.reset();
  }),
];

const TAKE_QUERY = new Set(['listLinks', 'listAccounts', 'listExchanges', 'takeSnapshot']);

function route(
  operationId: string,
  method: ControlRoute['method'],
  path: string,
  status: ControlRoute['status'],
  run: ControlRoute['run'],
): ControlRoute {
  const checked: ControlRoute['run'] = (control, call, state) => {
    if (!TAKE_QUERY.has(operationId)) parse(noQuery, call.query);
    return run(control, call, state);
  };
  return { operationId, method, path, status, run: checked };
}
