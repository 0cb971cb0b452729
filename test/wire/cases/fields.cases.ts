import type { WireCase } from '../support/case.ts';
import { get, postJson } from '../support/message.ts';
import { failure } from '../support/printed.ts';

export const fields: readonly WireCase[] = [
  {
    what: '-f is text, whatever it looks like',
    typed: `/x -f a=1 -f b=true -f c= -f 'd=@x' -f e=null`,
    arrives: postJson('/base/x', '{"a":"1","b":"true","c":"","d":"@x","e":"null"}'),
  },
  {
    what: '-F has types',
    typed: `/x -F a=true -F b=false -F c=null -F d=-12 -F e=text -F f=`,
    arrives: postJson('/base/x', '{"a":true,"b":false,"c":null,"d":-12,"e":"text","f":""}'),
  },
  {
    what: 'numbers as they are written',
    typed: '/x -F a=9007199254740993 -F b=1.10 -F c=1e400 -F d=-0.0',
    arrives: postJson('/base/x', '{"a":9007199254740993,"b":1.10,"c":1e400,"d":-0.0}'),
  },
  {
    what: 'what is no JSON number is text',
    typed: '/x -F a=007 -F b=+1 -F c=0x1f -F d=1. -F e=.5 -F f=1_000 -F g=NaN',
    arrives: postJson('/base/x', '{"a":"007","b":"+1","c":"0x1f","d":"1.","e":".5","f":"1_000","g":"NaN"}'),
  },
  {
    what: 'a value holds an equals sign, quotes and unicode',
    typed: `/x -f 'a=b=c "d" \\ é'`,
    arrives: postJson('/base/x', String.raw`{"a":"b=c \"d\" \\ é"}`),
  },
  {
    what: 'the text of a file, and of stdin',
    typed: `/x -F a=@note.txt -F b=@-`,
    files: { 'note.txt': 'line\r\n"1"\n' },
    stdin: '42',
    arrives: postJson('/base/x', String.raw`{"a":"line\r\n\"1\"\n","b":"42"}`),
  },
  {
    what: 'nested',
    typed: `/x -f 'a[b][c]=1' -F 'a[b][d]=2' -f 'e=3'`,
    arrives: postJson('/base/x', '{"a":{"b":{"c":"1","d":2}},"e":"3"}'),
  },
  {
    what: 'lists',
    typed: `/x -f 'l[]=a' -F 'l[]=2' -F 'e[]'`,
    arrives: postJson('/base/x', '{"l":["a",2],"e":[]}'),
  },
  {
    what: 'a list of objects: a key again begins the next',
    typed: `/x -f 'l[][k]=a' -F 'l[][n]=1' -f 'l[][k]=b'`,
    arrives: postJson('/base/x', '{"l":[{"k":"a","n":1},{"k":"b"}]}'),
  },
  {
    what: 'as query with a GET',
    typed: `GET /x -f 'q=a b' -F n=1 -f 'l[]=a' -f 'l[]=b'`,
    arrives: get('/base/x?q=a%20b&n=1&l%5B%5D=a&l%5B%5D=b'),
  },
  {
    what: 'with another method',
    typed: 'PATCH /x -F a=1',
    arrives: { line: 'PATCH /base/x', type: 'application/json', body: '{"a":1}' },
  },
  {
    what: 'a name like that of an object’s prototype',
    typed: `/x -f '__proto__[a]=1' -f 'constructor=2'`,
    arrives: postJson('/base/x', '{"__proto__":{"a":"1"},"constructor":"2"}'),
  },
  {
    what: 'an object and a text under one name',
    typed: `/x -f a=1 -f 'a[b]=2'`,
    stderr: failure('the field "a[b]" contradicts one before it: another value has its place'),
    exitCode: 2,
  },
  {
    what: 'no equals sign',
    typed: '/x -f a',
    stderr: failure('the field "a" has no value', '-f a=value'),
    exitCode: 2,
  },
  {
    what: 'an open bracket',
    typed: `/x -f 'a[b=1'`,
    stderr: failure('the field "a[b" has a bracket without its other half'),
    exitCode: 2,
  },
];
