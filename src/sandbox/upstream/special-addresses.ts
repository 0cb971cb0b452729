import { BlockList, isIPv6 } from 'node:net';

/** IANA's IPv4 special-purpose registry, multicast and what is reserved: nothing that a provider on the internet has. */
const SPECIAL_IPV4: [net: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Of IPv6 only 2000::/3 is given out (RFC 4291 section 2.4), and of that not Teredo and its like, documentation and 6to4. */
const SPECIAL_IPV6: [net: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const special = new BlockList();
const global = new BlockList();
for (const [net, prefix] of SPECIAL_IPV4) {
  special.addSubnet(net, prefix, 'ipv4');
  // NAT64 (RFC 6052): an IPv4 address in the last 32 bits, which is what is reached.
  special.addSubnet(`64:ff9b::${net}`, 96 + prefix, 'ipv6');
}
for (const [net, prefix] of SPECIAL_IPV6) special.addSubnet(net, prefix, 'ipv6');
global.addSubnet('2000::', 3, 'ipv6');
global.addSubnet('64:ff9b::', 96, 'ipv6');
global.addSubnet('::ffff:0:0', 96, 'ipv6');

/** Whether it is loopback, private, link-local, multicast or anything else but an address of the public internet. */
export function isSpecial(address: string): boolean {
  if (!isIPv6(address)) return special.check(address, 'ipv4');
  // A BlockList holds IPv4-mapped addresses against its IPv4 rules.
  return special.check(address, 'ipv6') || !global.check(address, 'ipv6');
}
