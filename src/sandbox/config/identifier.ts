/** Scalekit derives a custom connector's identifier from its display name: `Demo Notes` → `demo-notes`. */
export function connectorIdentifier(displayName: string): string {
  return displayName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
