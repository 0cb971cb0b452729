export const MASK = '***';
const SECRET_NAME = /authorization|cookie|token|secret|password|passwd|credential|api[-_]?key|signature/i;

/** Hides what an invocation knows to be secret, wherever it turns up in text for people or logs. */
export interface Redactor {
  /** From now on `apply` masks this value. Short values are not added: they would mask ordinary text. */
  add(secret: string): void;
  apply(text: string): string;
}

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    add: (secret) => {
      if (secret.length >= 6) secrets.add(secret);
    },
    // The longest first: a secret that another one contains would leave the rest of that one readable.
    apply: (text) =>
      [...secrets]
        .sort((a, b) => b.length - a.length)
        .reduce((masked, secret) => masked.replaceAll(secret, MASK), text),
  };
}

/** A header's value as it may be shown: the scheme of a credential stays, the credential goes. */
export function maskHeader(name: string, value: string): string {
  if (/^(content-)?location$/i.test(name)) return maskQuery(value);
  if (!SECRET_NAME.test(name)) return value;
  const scheme = /^(Bearer|Basic|Digest|Token) /i.exec(value)?.[0] ?? '';
  return `${scheme}${MASK}`;
}

/** A path or URL whose query and fragment values with telling names (`api_key`, `token`) are masked. */
export function maskQuery(target: string): string {
  return target.replace(
    /([?&#][^?&#=]*=)([^&#]*)/g,
    (_, name: string, value: string) =>
      `${name}${isSecretParameter(name.slice(1, -1)) ? MASK : maskQuery(value)}`,
  );
}

/** An urlencoded form, as `maskQuery` does it. */
export function maskForm(form: string): string {
  return maskQuery(`?${form}`).slice(1);
}

/** Whether what a header or a field of this name holds is taken for a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** `?key=` is how Google's APIs take a key, `?code=` how OAuth hands one back. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || /^(key|code)$/i.test(name);
}

const AUTHORIZATION = /\b(Bearer|Basic|Token)(\s+)[\w.~+/-]{12,}=*/gi;
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const PARAMETER = /([?&#]([^\s?&#=]+)=)[^\s&#"'<>)]+/g;

/** A sentence from elsewhere as it may be shown: what it repeats of a credential is masked. */
export function maskText(text: string): string {
  return text
    .replace(AUTHORIZATION, `$1$2${MASK}`)
    .replace(JWT, MASK)
    .replace(PARAMETER, (whole, start: string, name: string) =>
      isSecretParameter(name) ? `${start}${MASK}` : whole,
    );
}

/** A Set-Cookie or Cookie header as it may be shown: names and attributes stay, values go. Other headers as they are. */
export function maskCookie(name: string, value: string): string {
  const lowerName = name.toLowerCase();
  // A pair without “=” is a cookie without a name (RFC 6265bis section 5.6).
  if (lowerName === 'set-cookie') return value.replace(/^([^=;]*=)?[^;]*/, `$1${MASK}`);
  if (lowerName === 'cookie') return value.split(';').map(maskPair).join(';');
  return value;
}

function maskPair(pair: string): string {
  return pair.trim() === '' ? pair : pair.replace(/^(\s*)([^=]*=)?.*/s, `$1$2${MASK}`);
}
