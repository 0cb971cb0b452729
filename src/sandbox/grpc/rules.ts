import type { Interceptor } from '@connectrpc/connect';

export const enforceRules: Interceptor = (next) => next;
