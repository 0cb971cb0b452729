import { Hono } from 'hono';
import { controlApp } from './control/control-app.ts';
import { dashboardRoutes } from './dashboard/routes.ts';
import { environmentRoutes } from './environment/token.ts';
import { strikeTokenEndpoint } from './faults/endpoint.ts';
import { callbackRoutes } from './hosted-pages/callback.ts';
import { linkRoutes } from './hosted-pages/link.ts';
import { failurePage, notFoundPage } from './hosted-pages/outcome.ts';
import type { SandboxControl } from './interface/control.ts';
import { limitBody } from './listener/body-limit.ts';
import type { SandboxState } from './state/sandbox-state.ts';

const LARGEST_FORM_BYTES = 64 * 1024;

/** Everything that is neither gRPC nor the proxy. */
export function sandboxApp(state: SandboxState, control: SandboxControl): Hono {
  const app = new Hono();
  app.route('/', controlApp(state, control));
  app.use(
    limitBody(LARGEST_FORM_BYTES, (context, message) => failurePage(context, 'Too large', message, 413)),
  );
  app.use('/oauth/token', strikeTokenEndpoint(state));
  app.route('/', environmentRoutes(state));
  app.route('/', dashboardRoutes(state));
  app.route('/', linkRoutes(state));
  app.route('/', callbackRoutes(state));
  app.notFound(notFoundPage);
  // Hono's own handler would write to the console.
  app.onError((_error, context) => failurePage(context, 'Something went wrong', 'The sandbox failed.', 500));
  return app;
}
