import { type DescMethod, type DescMethodUnary, toJson } from '@bufbuild/protobuf';
import { createContextValues } from '@connectrpc/connect';
import { incomingRequest } from '../exchanges/rpc.ts';
import { SERVICES, type Services } from '../grpc/services.ts';
import type { Endpoint } from './handler.ts';
import { type HttpBinding, httpBindings, successStatus } from './http-rules.ts';
import { requestMessage } from './request-message.ts';
import type { Route } from './route-table.ts';

/** A route for every HTTP binding of every method, what the sandbox does not emulate included: that is refused as such. */
export function serviceRoutes(services: Services): Route<Endpoint>[] {
  return SERVICES.flatMap(({ methods }) =>
    methods.filter(isUnary).flatMap((method) =>
      httpBindings(method).map((binding) => ({
        verb: binding.verb,
        template: binding.template,
        target: endpointOf(services, method, binding),
      })),
    ),
  );
}

function endpointOf(services: Services, method: DescMethodUnary, binding: HttpBinding): Endpoint {
  const status = successStatus(method);
  return async (request) => {
    const { incoming, signal } = request;
    const output = await services.call(method, requestMessage(method, binding, request), {
      url: incoming.url ?? '',
      header: new Headers({ authorization: incoming.headers.authorization ?? '' }),
      signal,
      contextValues: createContextValues().set(incomingRequest, incoming),
    });
    // As Scalekit's OpenAPI description names the fields, with those that are empty.
    return {
      status,
      json: toJson(method.output, output, { useProtoFieldName: true, alwaysEmitImplicit: true }),
    };
  };
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary';
}
