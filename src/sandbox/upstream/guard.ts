import type { LookupAddress } from 'node:dns';
import { isIP, isIPv6, type LookupFunction } from 'node:net';
import { isLoopback } from '../../http/loopback.ts';
import { type AllowedHost, allowHostsLine, canonicalHost, parseAllowedHost } from '../config/allow-hosts.ts';
import { Refusal } from '../refusal.ts';
import { isSpecial } from './special-addresses.ts';

/** All addresses of a name, as `dns.promises.lookup` gives them with `all`. */
export type ResolveHost = (hostname: string) => Promise<LookupAddress[]>;

/** Decides whom the sandbox may speak to: loopback, and what the config lists under `allow_hosts`. */
export interface UpstreamGuard {
  /** By name alone, as `requireAllowed`. */
  isAllowed(url: URL): boolean;
  /** Throws a Refusal that says the line to add. By name alone: nothing is resolved. */
  requireAllowed(url: URL): void;
  /** Resolves the URL's name to addresses that may be connected to; fails with a Refusal where one may not. */
  lookupFor(url: URL): LookupFunction;
}

/** Not asked of a resolver, which may say anything (RFC 6761 section 6.3). */
const LOCALHOST: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** @param entries valid ones */
export function createGuard(entries: readonly string[], resolve: ResolveHost): UpstreamGuard {
  const allowed = entries.map(parseAllowedHost).filter((entry) => typeof entry !== 'string');

  function refusal(host: string, reason: string): Refusal {
    const line = allowHostsLine([...entries, host]);
    const message = `${reason}: add it to allow_hosts in the sandbox's config:  ${line}`;
    return new Refusal('failed_precondition', 'HOST_NOT_ALLOWED', message);
  }

  function requireAddress(name: string, address: string, port: number): void {
    if (!isSpecial(address) || allowed.some((entry) => allowsAddress(entry, address, port))) return;
    throw refusal(address, `${name} resolves to ${address}, which is no public address and is not allowed`);
  }

  async function addressesOf(name: string, port: number): Promise<LookupAddress[]> {
    if (isLoopback(name)) return LOCALHOST;
    const addresses = await resolve(name);
    if (addresses.length === 0)
      throw Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
    for (const { address } of addresses) requireAddress(name, address, port);
    return addresses;
  }

  function isAllowed(url: URL): boolean {
    if (isLoopback(url.hostname)) return true;
    return allowed.some((entry) => allowsHost(entry, hostOf(url), portOf(url)));
  }

  return {
    isAllowed,

    requireAllowed(url) {
      if (!isAllowed(url)) throw refusal(hostOf(url), `${hostOf(url)} is not allowed`);
    },

    lookupFor(url) {
      const host = hostOf(url);
      return (_hostname, options, callback) => {
        addressesOf(host, portOf(url)).then(
          (addresses) => {
            if (options.all) callback(null, addresses);
            else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
          },
          (error: Error) => callback(error, []),
        );
      };
    },
  };
}

function allowsHost(entry: AllowedHost, host: string, port: number): boolean {
  if (isIP(host) !== 0) return allowsAddress(entry, host, port);
  if (entry.port !== undefined && entry.port !== port) return false;
  if (entry.kind === 'name') return entry.name === host;
  return entry.kind === 'suffix' && host.endsWith(entry.suffix);
}

function allowsAddress(entry: AllowedHost, address: string, port: number): boolean {
  if (entry.kind !== 'addresses' || (entry.port !== undefined && entry.port !== port)) return false;
  return entry.addresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function hostOf(url: URL): string {
  return canonicalHost(url.hostname) ?? url.hostname;
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
