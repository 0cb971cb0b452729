import { Hono } from 'hono';
import { sameText } from '../../http/same-text.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

/** `POST /oauth/token` (RFC 6749 section 4.4) and `GET /keys`. */
export function environmentRoutes(state: SandboxState): Hono {
  const app = new Hono();

  app.post('/oauth/token', async (context) => {
    context.header('Cache-Control', 'no-store');
    const form = new URLSearchParams(await context.req.text());
    const basic = basicCredentials(context.req.header('authorization'));
    const id = basic?.id ?? form.get('client_id') ?? '';
    const secret = basic?.secret ?? form.get('client_secret') ?? '';
    const grant = form.get('grant_type');
    if (grant === null) {
      return context.json({ error: 'invalid_request', error_description: 'grant_type is required' }, 400);
    }
    if (grant !== 'client_credentials') {
      const error_description = 'only client_credentials is supported';
      return context.json({ error: 'unsupported_grant_type', error_description }, 400);
    }
    // Both are compared whatever the first comparison said, so that time tells nothing.
    if (![sameText(id, state.client.id), sameText(secret, state.client.secret)].every(Boolean)) {
      if (basic) context.header('WWW-Authenticate', 'Basic realm="scalekit"');
      const error_description = 'Client authentication failed';
      return context.json({ error: 'invalid_client', error_description }, 401);
    }
    const iat = Math.floor(state.now() / 1000);
    const exp = iat + state.tokenLifetimeS;
    const access_token = await state.signer.sign({ iss: state.origin, sub: id, iat, exp });
    return context.json({ access_token, token_type: 'Bearer', expires_in: state.tokenLifetimeS });
  });

  app.get('/keys', (context) => context.json(state.signer.jwks));
  return app;
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function basicCredentials(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id: formDecode(id), secret: formDecode(secret.join(':')) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? '';
}
