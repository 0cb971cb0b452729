import { describe, expect, it } from 'vitest';
import { parseAllowedHost } from '../../src/sandbox/config/allow-hosts.ts';
import { inspectFile } from '../../src/sandbox/config/inspect.ts';
import type { Refusal } from '../../src/sandbox/refusal.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { createGuard } from '../../src/sandbox/upstream/guard.ts';
import { isSpecial } from '../../src/sandbox/upstream/special-addresses.ts';
import { oneConnection, sandboxWith } from './support/sandbox.ts';

const noResolver = () => Promise.reject(new Error('not to be resolved'));

function isAllowed(entries: string[], url: string): boolean {
  return createGuard(entries, noResolver).isAllowed(new URL(url));
}

describe('an entry of allow_hosts', () => {
  it.each([
    ['api.github.com', 'https://api.github.com', true],
    ['api.github.com', 'https://API.GitHub.com./x', true],
    ['API.GITHUB.COM', 'https://api.github.com:8443', true],
    ['api.github.com', 'https://github.com', false],
    ['api.github.com', 'https://x.api.github.com', false],
    ['api.github.com', 'https://api.github.com.evil.example', false],
    ['github.com', 'https://evilgithub.com', false],
    ['api.github.com:443', 'https://api.github.com', true],
    ['api.github.com:443', 'https://api.github.com:8443', false],
    ['api.github.com:8443', 'https://api.github.com', false],
    ['*.slack.com', 'https://acme.slack.com', true],
    ['*.slack.com', 'https://a.b.slack.com', true],
    ['*.slack.com', 'https://slack.com', false],
    ['*.slack.com', 'https://evilslack.com', false],
    ['*.slack.com:8443', 'https://a.slack.com', false],
    ['*.slack.com:8443', 'https://a.slack.com:8443', true],
    ['müller.example', 'https://xn--mller-kva.example', true],
    ['xn--mller-kva.example', 'https://müller.example', true],
    ['10.0.0.5', 'https://10.0.0.5', true],
    ['10.0.0.5', 'https://10.0.0.6', false],
    ['10.0.0.5:8443', 'https://10.0.0.5:8443', true],
    ['10.0.0.5:8443', 'https://10.0.0.5', false],
    ['10.1.0.0/16', 'https://10.1.200.3', true],
    ['10.1.0.0/16', 'https://10.2.0.3', false],
    ['10.0.0.5', 'https://0xa000005', true],
    ['fd00::5', 'https://[fd00::5]', true],
    ['fd00::5', 'https://[fd00:0:0::5]', true],
    ['fd00::5', 'https://[fd00::6]', false],
    ['[fd00::5]:8443', 'https://[fd00::5]:8443', true],
    ['[fd00::5]:8443', 'https://[fd00::5]', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['10.0.0.5', 'https://[::ffff:10.0.0.5]', true],
    ['10.0.0.5', 'https://10.0.0.5.example', false],
  ])('%s, %s: %s', (entry, url, expected) => {
    expect(isAllowed([entry], url)).toBe(expected);
  });

  it.each([
    ['https://api.github.com', 'is a URL: name the host alone, api.github.com'],
    ['https://api.github.com:8443/v3', 'is a URL: name the host alone, api.github.com:8443'],
    ['api.github.com/v3', 'holds a path: name the host alone, api.github.com'],
    ['10.0.0.0/33', 'holds a path: name the host alone, 10.0.0.0'],
    ['*', 'would allow every host: list them, or *.domain'],
    ['api.github.com:0', 'has no port of 1 to 65535'],
    ['api.github.com:65536', 'has no port of 1 to 65535'],
    ['api.github.com:http', /^is no host name/],
    ['api github.com', /^is no host name/],
    ['api.*.com', /^is no host name/],
    ['*.10.0.0.1', /^is no host name/],
    ['a..b', /^is no host name/],
    ['.slack.com', /^is no host name/],
    ['[fd00::5', /^is no host name/],
    ['user@host', /^is no host name/],
    ['?', /^is no host name/],
    ['/', /^is no host name/],
  ])('%j is refused, with what to write', (entry, problem) => {
    expect(parseAllowedHost(entry)).toEqual(
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    );
  });

  it('is told with its place', async () => {
    const allow_hosts = ['ok.example', 'https://api.github.com/v3'];
    await expect(startSandbox({ config: oneConnection({}, { allow_hosts }) })).rejects.toThrow(
      'allow_hosts[1]: is a URL: name the host alone, api.github.com',
    );
  });
});

describe('what is not listed', () => {
  it.each([
    'http://127.0.0.1:1',
    'http://127.9.9.9',
    'http://localhost:80',
    'http://api.localhost',
    'http://[::1]:9',
  ])('%s is loopback and always allowed', (url) => expect(isAllowed([], url)).toBe(true));

  it.each([
    [[], 'https://api.github.com/x', 'api.github.com is not allowed', 'allow_hosts: [api.github.com]'],
    [['a.example'], 'https://b.example', 'b.example is not allowed', 'allow_hosts: [a.example, b.example]'],
    [
      ['*.a.example'],
      'https://b.example',
      'b.example is not allowed',
      'allow_hosts: ["*.a.example", b.example]',
    ],
    [[], 'https://[fd00::1]', 'fd00::1 is not allowed', 'allow_hosts: ["fd00::1"]'],
    [[], 'https://169.254.169.254', '169.254.169.254 is not allowed', 'allow_hosts: [169.254.169.254]'],
    [
      [],
      'https://localhost.evil.example',
      'localhost.evil.example is not allowed',
      'allow_hosts: [localhost.evil.example]',
    ],
  ])('%j, %s', (entries, url, reason, line) => {
    expect(() => createGuard(entries, noResolver).requireAllowed(new URL(url))).toThrow(
      expect.objectContaining<Partial<Refusal>>({
        code: 'failed_precondition',
        errorCode: 'HOST_NOT_ALLOWED',
        message: `${reason}: add it to allow_hosts in the sandbox's config:  ${line}`,
      }),
    );
  });
});

const SPECIAL = `
  0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.168.1.1
  198.18.0.1 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255
  :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:7f00:1 64:ff9b::10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1
  2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 5f00::1`;

const PUBLIC = `
  1.1.1.1 140.82.112.5 172.32.0.1 100.128.0.1 223.255.255.254 ::ffff:140.82.112.5
  2606:4700::1111 2a00:1450:4001::200e 64:ff9b::8c52:7005`;

const words = (text: string) => text.trim().split(/\s+/);

describe('an address that no provider on the internet has', () => {
  it.each(words(SPECIAL))('%s', (address) => expect(isSpecial(address)).toBe(true));
  it.each(words(PUBLIC))('but not %s', (address) => expect(isSpecial(address)).toBe(false));
});

describe('the warnings of a sandbox', () => {
  it('name what its connectors would be refused, once, with the line to add', async () => {
    const auth_patterns = [
      {
        type: 'OAUTH' as const,
        oauth_config: { authorize_uri: 'https://login.acme.example', token_uri: 'https://id.acme.example/t' },
      },
    ];
    const config = oneConnection({ proxy_url: 'https://api.acme.example/{{version}}', auth_patterns });
    const fields = [{ field_name: 'version' }];
    config.connectors[0]?.auth_patterns.forEach((pattern) =>
      Object.assign(pattern, { account_fields: fields }),
    );
    config.connections[0] = { name: 'demo', connector: 'demo', oauth: { client_id: 'c' } };
    const { warnings } = await sandboxWith({ ...config, allow_hosts: ['*.other.example'] });
    expect(warnings).toEqual([
      'api.acme.example, id.acme.example are not allowed and will not be called: add to the sandbox\'s config:  allow_hosts: ["*.other.example", api.acme.example, id.acme.example]',
    ]);
  });

  it('are told by validate where they stand', async () => {
    const text = JSON.stringify({
      allow_hosts: ['api.acme.example'],
      connectors: [
        {
          display_name: 'Acme',
          proxy_url: 'https://api.acme.example',
          proxy_enabled: true,
          auth_patterns: [
            {
              type: 'OAUTH',
              oauth_config: { authorize_uri: 'https://acme.example/a', token_uri: 'https://acme.example/t' },
            },
          ],
        },
      ],
      connections: [{ name: 'acme', connector: 'acme', oauth: { client_id: 'c' } }],
    });
    const { problems, warnings } = await inspectFile('sandbox.json', text, {});
    expect(problems).toEqual([]);
    expect(warnings).toContainEqual(
      expect.objectContaining({
        path: 'connectors[0].auth_patterns[0].oauth_config.token_uri',
        message:
          'acme.example is not allowed: add it to allow_hosts:  allow_hosts: [api.acme.example, acme.example]',
      }),
    );
  });

  it.each([
    ['on loopback', { proxy_url: 'http://127.0.0.1:1' }, []],
    ['listed', { proxy_url: 'https://api.acme.example' }, ['api.acme.example']],
    ['known with the account only', { proxy_url: 'https://{{domain}}/x' }, []],
  ])('there are none for an upstream that is %s', async (_what, definition, allow_hosts) => {
    const config = oneConnection(definition, { allow_hosts });
    const fields = [{ field_name: 'domain' }];
    config.connectors[0]?.auth_patterns.forEach((pattern) => Object.assign(pattern, { fields }));
    expect((await sandboxWith(config)).warnings).toEqual([]);
  });
});
