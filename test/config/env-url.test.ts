import { describe, expect, it } from 'vitest';
import { normalizeEnvUrl } from '../../src/config/env-url.ts';
import { SkConnectError } from '../../src/errors.ts';

function refusalOf(value: string): SkConnectError {
  try {
    normalizeEnvUrl(value, 'SCALEKIT_ENV_URL');
  } catch (error) {
    if (error instanceof SkConnectError) return error;
    throw error;
  }
  throw new Error(`${value} was accepted`);
}

describe('normalizeEnvUrl', () => {
  it.each([
    ['https://acme.scalekit.dev', 'https://acme.scalekit.dev'],
    ['https://acme.scalekit.dev/', 'https://acme.scalekit.dev'],
    ['  https://acme.scalekit.dev/\n', 'https://acme.scalekit.dev'],
    ['HTTPS://ACME.scalekit.DEV', 'https://acme.scalekit.dev'],
    ['https://acme.scalekit.dev:443/', 'https://acme.scalekit.dev'],
    ['https://acme.scalekit.dev:8443', 'https://acme.scalekit.dev:8443'],
    ['https://acme.scalekit.dev/?', 'https://acme.scalekit.dev'],
    ['https://192.0.2.1', 'https://192.0.2.1'],
    ['https://[2001:db8::1]:8443/', 'https://[2001:db8::1]:8443'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['http://LOCALHOST', 'http://localhost'],
    ['http://api.localhost:3000', 'http://api.localhost:3000'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://127.1:80', 'http://127.0.0.1'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['http://[0:0:0:0:0:0:0:1]:3000', 'http://[::1]:3000'],
  ])('%j becomes %s', (value, origin) => {
    expect(normalizeEnvUrl(value, 'SCALEKIT_ENV_URL')).toBe(origin);
  });

  it.each([
    ['acme.scalekit.dev', 'no scheme', 'Write https://acme.scalekit.dev.'],
    ['//acme.scalekit.dev', 'no scheme', 'Write https://acme.scalekit.dev.'],
    ['localhost:3000', 'no scheme', 'Write https://localhost:3000.'],
    ['https:acme.scalekit.dev', 'no scheme', 'https://'],
    ['https://', 'is not a URL', 'It looks like https://'],
    ['https://a b', 'is not a URL', 'It looks like https://'],
    ['https://acme.scalekit.dev:99999', 'is not a URL', 'It looks like https://'],
    ['ftp://acme.scalekit.dev', 'is not an https:// URL', 'It looks like https://'],
    ['file:///etc/passwd', 'is not an https:// URL', 'It looks like https://'],
    ['https://acme.scalekit.dev/api', 'without a path', 'Write https://acme.scalekit.dev.'],
    ['https://acme.scalekit.dev//', 'without a path', 'Write https://acme.scalekit.dev.'],
    ['https://acme.scalekit.dev/?a=1', 'without a path', 'Write https://acme.scalekit.dev.'],
    ['https://acme.scalekit.dev?a=1', 'without a path', 'Write https://acme.scalekit.dev.'],
    ['https://acme.scalekit.dev/#x', 'without a path', 'Write https://acme.scalekit.dev.'],
    ['http://acme.scalekit.dev', 'in the clear', 'Write https://acme.scalekit.dev, or pass --insecure-http'],
    ['http://acme.scalekit.dev:8080', 'in the clear', 'Write https://acme.scalekit.dev:8080'],
    ['http://10.0.0.1', 'in the clear', '--insecure-http'],
    ['http://0.0.0.0', 'in the clear', '--insecure-http'],
    ['http://127.evil.example', 'in the clear', '--insecure-http'],
    ['http://localhost.evil.example', 'in the clear', '--insecure-http'],
    ['http://notlocalhost', 'in the clear', '--insecure-http'],
    ['http://[::2]', 'in the clear', '--insecure-http'],
    ['http://[2001:db8::1]', 'in the clear', '--insecure-http'],
  ])('%j is refused: %s', (value, message, hint) => {
    const refusal = refusalOf(value);
    expect(refusal.kind).toBe('usage');
    expect(refusal.message).toMatch(/^SCALEKIT_ENV_URL /);
    expect(refusal.message).toContain(message);
    expect(refusal.hint).toContain(hint);
  });

  it.each(['https://user:pa55word@acme.dev', 'https://pa55word@acme.dev', 'https://:pa55word@acme.dev/path'])(
    'refuses a user name or password, and does not repeat it: %s',
    (value) => {
      const { message, hint } = refusalOf(value);
      expect(message).toContain('user name or password');
      expect(`${message} ${hint}`).not.toContain('pa55word');
    },
  );

  it('names the flag or variable that the value came from', () => {
    expect(() => normalizeEnvUrl('acme', '--env-url')).toThrow(/^--env-url has no scheme: acme$/);
  });

  it('takes http:// to anywhere where that is meant, and nothing else with it', () => {
    expect(normalizeEnvUrl('http://10.0.0.1:8080/', 'x', true)).toBe('http://10.0.0.1:8080');
    expect(() => normalizeEnvUrl('ftp://10.0.0.1', 'x', true)).toThrow('is not an https:// URL');
    expect(() => normalizeEnvUrl('http://10.0.0.1/path', 'x', true)).toThrow('without a path');
  });
});
