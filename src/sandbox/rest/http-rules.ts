import type { DescMethod } from '@bufbuild/protobuf';
import { type FieldReaders, optionBytes, readFields } from '../grpc/option-bytes.ts';

/** One way to call a method over HTTP, as `google.api.http` says it. */
export interface HttpBinding {
  verb: string;
  /** `/api/v1/connected_accounts/{id}:disconnect` */
  template: string;
  /** `*` where the body is the request, a field's name where it is that field, empty where there is none. */
  body: string;
}

/** Extensions of google.protobuf.MethodOptions. */
const HTTP = 72295728;
const OPENAPI_OPERATION = 1042;

/** Field numbers as in google/api/http.proto: the verbs that a rule has a field of its own for. */
const VERBS: Record<number, string> = { 2: 'GET', 3: 'PUT', 4: 'POST', 5: 'DELETE', 6: 'PATCH' };
const BODY = 7;
const ADDITIONAL_BINDINGS = 11;

export function httpBindings(method: DescMethod): HttpBinding[] {
  const bytes = optionBytes(method.proto.options, HTTP);
  return bytes ? readRule(bytes) : [];
}

function readRule(bytes: Uint8Array): HttpBinding[] {
  const binding: HttpBinding = { verb: '', template: '', body: '' };
  const additional: HttpBinding[] = [];
  const readers: FieldReaders = {
    [BODY]: (reader) => (binding.body = reader.string()),
    [ADDITIONAL_BINDINGS]: (reader) => additional.push(...readRule(reader.bytes())),
  };
  for (const [number, verb] of Object.entries(VERBS)) {
    readers[Number(number)] = (reader) => {
      binding.verb = verb;
      binding.template = reader.string();
    };
  }
  readFields(bytes, readers);
  return [binding, ...additional];
}

/** Field numbers as in protoc-gen-openapiv2/options/openapiv2.proto. */
const RESPONSES = 9;
const STATUS_OF_RESPONSE = 1;

/** What the OpenAPI description says that a call which succeeds is answered with: 201 where something is created. */
export function successStatus(method: DescMethod): number {
  const statuses: string[] = [];
  readFields(optionBytes(method.proto.options, OPENAPI_OPERATION) ?? new Uint8Array(), {
    [RESPONSES]: (reader) => {
      readFields(reader.bytes(), { [STATUS_OF_RESPONSE]: (entry) => statuses.push(entry.string()) });
    },
  });
  return Number(statuses.find((status) => /^2\d\d$/.test(status)) ?? 200);
}
