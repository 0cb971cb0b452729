import { Hono } from 'hono';
import { environmentRoutes } from './environment/token.ts';
import { linkRoutes } from './hosted-pages/link.ts';
import type { SandboxState } from './state/sandbox-state.ts';

export function sandboxApp(state: SandboxState): Hono {
  const app = new Hono();
  app.route('/', environmentRoutes(state));
  app.route('/', linkRoutes(state));
  return app;
}
