import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { environmentRoutes } from './environment/token.ts';
import { callbackRoutes } from './hosted-pages/callback.ts';
import { linkRoutes } from './hosted-pages/link.ts';
import { failurePage } from './hosted-pages/outcome.ts';
import type { SandboxState } from './state/sandbox-state.ts';

const LARGEST_FORM_BYTES = 64 * 1024;

/** Everything that is neither gRPC nor the proxy. */
export function sandboxApp(state: SandboxState): Hono {
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: LARGEST_FORM_BYTES,
      onError: (context) => failurePage(context, 'Too large', 'The form is too large.', 413),
    }),
  );
  app.route('/', environmentRoutes(state));
  app.route('/', linkRoutes(state));
  app.route('/', callbackRoutes(state));
  app.notFound((context) => failurePage(context, 'Not found', 'There is no such page.', 404));
  // Hono's own handler would write to the console.
  app.onError((_error, context) => failurePage(context, 'Something went wrong', 'The sandbox failed.', 500));
  return app;
}
