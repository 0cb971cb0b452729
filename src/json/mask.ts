import { isSecretName, MASK } from '../redact.ts';
import { createJsonScanner } from './scanner.ts';

/**
 * A JSON text with the values of fields with telling names (`password`, `api_key`) masked, all other literals as they
 * are. Not masked is what can hardly be a secret: `max_tokens: 100`, `token_type`, `true`, `null`.
 */
export function maskJson(json: string): string {
  const scanner = createJsonScanner();
  scanner.feed(json);
  let masked = '';
  let from = 0;
  /** Of the field whose value comes next, or which all that is open now belongs to. */
  let field: { name: string; depth: number } | undefined;
  for (;;) {
    const piece = scanner.next();
    const text = () => json.slice(scanner.start(), scanner.end());
    if (piece === 'end' || piece === 'broken') return masked + json.slice(from);
    if (piece === 'key') {
      const isInside = field !== undefined && scanner.depth() > field.depth;
      const name = String(JSON.parse(text()));
      if (!isInside)
        field = isSecretName(name) && !/type$/i.test(name) ? { name, depth: scanner.depth() } : undefined;
    } else if (piece === 'close') {
      if (field !== undefined && scanner.depth() < field.depth) field = undefined;
    } else if (
      field !== undefined &&
      (piece === 'string' || (piece === 'literal' && isSecretLiteral(field.name, text())))
    ) {
      masked += `${json.slice(from, scanner.start())}"${MASK}"`;
      from = scanner.end();
    }
  }
}

/** A number may be a PIN; of tokens it is how many there are, and when they end. */
function isSecretLiteral(name: string, literal: string): boolean {
  return /^[-\d]/.test(literal) && !/token/i.test(name);
}
