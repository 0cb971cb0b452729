/** What credentials of well-known providers look like. */
const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ['a GitHub token', /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/],
  ['a Slack token', /\bxox[abeoprs]-[\w-]{10,}|\bxapp-[\w-]{10,}/],
  ['a Stripe key', /\b[sr]k_(live|test)_[A-Za-z0-9]{10,}/],
  ['an API key', /\bsk-[A-Za-z0-9_-]{16,}/],
  ['an AWS access key', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a Google API key', /\bAIza[\w-]{30,}/],
  ['a Google access token', /\bya29\.[\w-]{10,}/],
  ['a GitLab token', /\bglpat-[\w-]{16,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{30,}/],
  ['a SendGrid key', /\bSG\.[\w-]{16,}\.[\w-]{16,}/],
  ['a Shopify token', /\bshp(at|ca|pa|ss)_[0-9a-fA-F]{16,}/],
  ['a HubSpot token', /\bpat-[a-z]{2}\d-[\w-]{20,}/],
  ['a Notion token', /\b(ntn|secret)_[A-Za-z0-9]{30,}/],
  ['a Linear key', /\blin_(api|oauth)_[A-Za-z0-9]{16,}/],
  ['a JSON Web Token', /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a credential', /\b(Bearer|Basic|Token)\s+(?!\{\{)[\w.~+/-]{12,}=*/i],
  ['a URL with a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@{}]+:[^\s/@{}]+@/i],
];

/** What a text seems to hold, where it is a credential. */
export function secretShape(text: string): string | undefined {
  return SHAPES.find(([, shape]) => shape.test(text))?.[0];
}
