import { expect, it } from 'vitest';
import { firstFolder } from '../../src/config/first-folder.ts';

const none = (): string => {
  throw new Error('uv_os_homedir returned ENOENT');
};

it.each([
  ['the first', [() => '/home/ada', none], '/home/ada'],
  ['the next where that is empty', [() => '', () => '/root'], '/root'],
  ['the next where that is relative', [() => '.', () => '/root'], '/root'],
  ['the next where there is none', [none, () => '/root'], '/root'],
  ['one that is not there in the end', [none, none], '/nonexistent'],
])('%s', (_what, sources, expected) => {
  expect(firstFolder(sources)).toBe(expected);
});
