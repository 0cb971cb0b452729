import { Hono } from 'hono';
import type { SandboxState } from '../state/sandbox-state.ts';

export function linkRoutes(_state: SandboxState): Hono {
  return new Hono();
}
