import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Finding } from './problems.ts';

/** An entry of `allow_hosts`. Without a port it stands for all of them. */
export type AllowedHost = { port: number | undefined } & (
  | { kind: 'name'; name: string }
  /** Every name that ends with it, at any depth; begins with a dot. */
  | { kind: 'suffix'; suffix: string }
  | { kind: 'addresses'; addresses: BlockList }
);

/** `api.github.com`, `*.slack.com`, `10.0.0.5`, `fd00::5`, each with or without a port; `10.1.0.0/16`. A text says what is wrong. */
export function parseAllowedHost(entry: string): AllowedHost | string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(entry)) return aloneProblem('is a URL', entry);
  if (entry.includes('/')) return parseRange(entry) ?? aloneProblem('holds a path', `http://${entry}`);
  if (entry === '*') return 'would allow every host: list them, or *.domain';
  const address = isIPv6(entry) ? `[${entry}]` : entry;
  const [, host, portText] = /^(\[[^\]]*\]|[^:@]+)(?::(\d{1,5}))?$/.exec(address) ?? [];
  if (host === undefined) return NOT_A_HOST;
  const port = portText === undefined ? undefined : Number(portText);
  if (port === 0 || (port ?? 0) > 65_535) return `has no port of 1 to 65535`;
  return parseHost(host, port);
}

/** Lower case, in ASCII, without the dot that ends a full name; a bare address without brackets. Undefined for what no URL takes as a host. */
export function canonicalHost(host: string): string | undefined {
  const url = `http://${host}`;
  if (!URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

export function checkAllowHosts({ allow_hosts: entries = [] }: { allow_hosts?: string[] }): Finding[] {
  return entries.flatMap((entry, index) => {
    const parsed = parseAllowedHost(entry);
    return typeof parsed === 'string' ? [{ path: ['allow_hosts', index], message: parsed }] : [];
  });
}

/** `allow_hosts: [api.github.com]`, as YAML takes it. */
export function allowHostsLine(hosts: readonly string[]): string {
  const quoted = hosts.map((host) => (/^[\w][\w.:-]*$/.test(host) && !isIPv6(host) ? host : `"${host}"`));
  return `allow_hosts: [${quoted.join(', ')}]`;
}

const NOT_A_HOST = 'is no host name, address or range: write api.github.com, *.slack.com or 10.0.0.5:8443';

function parseHost(host: string, port: number | undefined): AllowedHost | string {
  const isWildcard = host.startsWith('*.');
  const name = canonicalHost(isWildcard ? host.slice(2) : host) ?? '';
  if (isIP(name) !== 0) return isWildcard ? NOT_A_HOST : { kind: 'addresses', addresses: one(name), port };
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)) return NOT_A_HOST;
  return isWildcard ? { kind: 'suffix', suffix: `.${name}`, port } : { kind: 'name', name, port };
}

function parseRange(entry: string): AllowedHost | undefined {
  const [, base = '', prefixText] = /^([^/]*)\/(\d{1,3})$/.exec(entry) ?? [];
  const version = isIP(base);
  const prefix = Number(prefixText);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(base, prefix, version === 4 ? 'ipv4' : 'ipv6');
  return { kind: 'addresses', addresses, port: undefined };
}

function one(address: string): BlockList {
  const addresses = new BlockList();
  addresses.addAddress(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return addresses;
}

function aloneProblem(what: string, url: string): string {
  const host = URL.canParse(url) ? new URL(url).host : '';
  return host === '' ? NOT_A_HOST : `${what}: name the host alone, ${host}`;
}
