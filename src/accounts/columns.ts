import type { ConnectedAccount } from '../scalekit/accounts.ts';
import type { Style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';

export function accountColumns(style: Style): Column<ConnectedAccount>[] {
  return [
    { header: 'CONNECTION', value: ({ connectionName }) => connectionName, isFlexible: true },
    { header: 'IDENTIFIER', value: ({ identifier }) => identifier, isFlexible: true },
    {
      header: 'STATUS',
      value: ({ status }) => status,
      paint: (text, { status }) => paintStatus(style, status)(text),
    },
    { header: 'AUTH', value: ({ authorizationType }) => authorizationType },
    { header: 'ACCOUNT', value: ({ connectedAccountId }) => connectedAccountId, isFlexible: true },
    { header: 'TOKEN EXPIRES', value: ({ tokenExpiresAt }) => tokenExpiresAt ?? '' },
  ];
}

function paintStatus(style: Style, status: string): (text: string) => string {
  if (status === 'ACTIVE') return style.green;
  if (status.startsWith('PENDING')) return style.yellow;
  return style.red;
}
