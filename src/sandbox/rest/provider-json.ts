import type { JsonObject } from '../../json/object.ts';
import type { Connector } from '../state/connectors.ts';

/** A connector as Scalekit's API shows a provider. */
export function providerJson({ id, identifier, definition }: Connector): JsonObject {
  const { display_name, description = '', auth_patterns, icon_src = '', metadata = {} } = definition;
  return {
    id,
    identifier,
    display_name,
    description,
    categories: [],
    auth_patterns,
    icon_src,
    display_priority: 0,
    coming_soon: false,
    proxy_url: definition.proxy_url,
    proxy_enabled: definition.proxy_enabled ?? false,
    is_custom: true,
    is_custom_mcp: auth_patterns.some(({ is_mcp: isMcp }) => isMcp),
    metadata,
  };
}
