/** A tool of an MCP connection is named `c-<connection>_<tool>`. */
export function toolPrefix(connectionName: string): string {
  return `c-${connectionName}_`;
}
