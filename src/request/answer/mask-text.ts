import { isSecretParameter } from '../../redact.ts';

const AUTHORIZATION = /\b(Bearer|Basic|Token)(\s+)[\w.~+/-]{12,}=*/gi;
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const PARAMETER = /([?&#]([^\s?&#=]+)=)[^\s&#"'<>)]+/g;

/** A provider's sentence as it may be shown: what it repeats of a credential is masked. */
export function maskText(text: string): string {
  return text
    .replace(AUTHORIZATION, '$1$2***')
    .replace(JWT, '***')
    .replace(PARAMETER, (whole, start: string, name: string) =>
      isSecretParameter(name) ? `${start}***` : whole,
    );
}
