import type { AuthPattern, CredentialField } from '../config/types.ts';
import type { Connection } from '../state/connections.ts';
import { credentialFields } from '../state/credential-fields.ts';

/** The host that the connector's calls, and with them the credentials, go to. */
export function upstreamHost({ connector, pattern }: Connection): string {
  return hostOf(connector.definition.proxy_url, pattern);
}

/** The host of the provider's sign-in page; undefined where only the provider's own metadata says it (MCP). */
export function consentHost({ pattern }: Connection): string | undefined {
  const uri = pattern.oauth_config?.authorize_uri;
  return uri ? hostOf(uri, pattern) : undefined;
}

/** A placeholder reads as the label of the field that gives its value. */
function hostOf(template: string, pattern: AuthPattern): string {
  const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(template)?.[1] ?? template;
  const fields = credentialFields(pattern);
  return host.replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, (_match, name: string) => {
    const field = fields.find(({ field_name }) => field_name === name);
    return `‹${field ? labelOf(field) : name}›`;
  });
}

export function labelOf({ label, field_name: name }: CredentialField): string {
  return label || name;
}
