import { expect, it } from 'vitest';
import { maskJson } from '../../src/json/mask.ts';

it.each([
  ['{}', '{}'],
  ['[1,"password",null]', '[1,"password",null]'],
  ['"password"', '"password"'],
  ['{"name":"Ada","password":"s3cret"}', '{"name":"Ada","password":"***"}'],
  ['{ "api_key" : "k" ,\n "n": 9007199254740993 }', '{ "api_key" : "***" ,\n "n": 9007199254740993 }'],
  ['{"a":{"client_secret":"s"},"b":"c"}', '{"a":{"client_secret":"***"},"b":"c"}'],
  ['[{"token":"t"},{"token":"u"}]', '[{"token":"***"},{"token":"***"}]'],
  [
    '{"accessToken":"t","X-Api-Key":"k","PASSWORD":"p"}',
    '{"accessToken":"***","X-Api-Key":"***","PASSWORD":"***"}',
  ],
  ['{"p\\u0061ssword":"s\\"x"}', '{"p\\u0061ssword":"***"}'],
  [
    '{"credentials":{"user":"u","pin":1234,"ok":true},"after":"x"}',
    '{"credentials":{"user":"***","pin":"***","ok":true},"after":"x"}',
  ],
  [
    '{"credentials":{"a":[{"b":"c"}],"d":"e"},"f":"g"}',
    '{"credentials":{"a":[{"b":"***"}],"d":"***"},"f":"g"}',
  ],
  ['{"secrets":["a",["b"]],"c":["d"]}', '{"secrets":["***",["***"]],"c":["d"]}'],
  ['{"secrets":{},"c":"d"}', '{"secrets":{},"c":"d"}'],
  [
    '{"password":12345,"has_password":true,"old_password":null}',
    '{"password":"***","has_password":true,"old_password":null}',
  ],
  [
    '{"max_tokens":100,"token_type":"Bearer","token":"t"}',
    '{"max_tokens":100,"token_type":"Bearer","token":"***"}',
  ],
  ['{"variables":{"input":{"token":"t","id":1}}}', '{"variables":{"input":{"token":"***","id":1}}}'],
  ['{"a":"password","b":"x"}', '{"a":"password","b":"x"}'],
  ['{"":"x"}', '{"":"x"}'],
])('%s is shown as %s', (json, expected) => {
  expect(maskJson(json)).toBe(expected);
});
