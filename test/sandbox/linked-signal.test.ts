import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { linkedSignal } from '../../src/sandbox/linked-signal.ts';

it('aborts with the first that does, with its reason', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const { signal } = linkedSignal([one.signal, other.signal]);
  expect(signal.aborted).toBe(false);
  other.abort('other');
  one.abort('one');
  expect(signal.reason).toBe('other');
});

it('is aborted from the start where one of them is', () => {
  expect(linkedSignal([new AbortController().signal, AbortSignal.abort('before')]).signal.reason).toBe(
    'before',
  );
});

it('leaves nothing behind, whoever still listens to it', () => {
  const longLived = new AbortController();
  const { signal, release } = linkedSignal([longLived.signal]);
  signal.addEventListener('abort', () => {});
  expect(getEventListeners(longLived.signal, 'abort')).toHaveLength(1);
  release();
  expect(getEventListeners(longLived.signal, 'abort')).toHaveLength(0);
  longLived.abort();
  expect(signal.aborted).toBe(false);
});
