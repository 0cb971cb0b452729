import { describe, expect, it } from 'vitest';
import { errorExpression } from '../../../src/request/answer/apparent-error.ts';

describe('a 200 that is an error', () => {
  it.each([
    [{ ok: false, error: 'channel_not_found' }, '.ok == false'],
    [{ ok: false }, '.ok == false'],
    [{ success: false, errors: [{ code: 7003, message: 'no route' }] }, '.success == false'],
    [{ data: null, errors: [{ message: 'no such field' }] }, '.errors[0]'],
    [{ data: { me: null }, errors: [{ message: 'private' }], extensions: {} }, '.errors[0]'],
    [{ error: { message: 'gone', code: 410 } }, '.error'],
    [{ error: 'bad_verification_code', error_description: 'It expired.' }, '.error'],
    [{ error: 'not found', data: null, results: [] }, '.error'],
    [{ error: true, message: 'no' }, '.error'],
    [{ error_message: 'no key', results: [], status: 'REQUEST_DENIED' }, '.error_message'],
    [{ status: 'error', message: 'Unable to reach the database', data: { a: 1 } }, '.status == "error"'],
  ])('%j', (answer, expected) => {
    expect(errorExpression(answer)).toBe(expected);
  });
});

describe('no false alarm', () => {
  it.each([
    [{}],
    [{ ok: true, error: null }],
    [{ ok: true, warning: 'missing_charset' }],
    [{ error: null }],
    [{ error: '' }],
    [{ error: {} }],
    [{ error: false, message: 'fine' }],
    [{ errors: [] }],
    [{ errors: {} }],
    [{ errors: 0, status: 'ok' }],
    [{ errors: ['a', 'b'], total: 2 }],
    [{ errors: [{ id: 1 }] }],
    [{ message: 'Hello', status: 'sent' }],
    [{ id: 'job_1', error: 'timeout', attempts: 3 }],
    [{ id: 'resp_1', status: 'failed', error: { code: 'server_error', message: 'It failed.' } }],
    [{ sid: 'SM1', error_code: 30003, error_message: 'Unreachable', to: '+1' }],
    [{ data: { error: { message: 'inside' } } }],
    [{ items: [{ ok: false }] }],
    [{ status: 'error', level: 3 }],
  ])('%j', (answer) => {
    expect(errorExpression(answer)).toBeUndefined();
  });
});
