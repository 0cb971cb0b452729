import { describe, expect, it } from 'vitest';
import { providerMessage } from '../../../src/request/answer/provider-message.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

function messageOf(status: number, body: unknown, type = JSON_TYPE, statusText = reason(status)) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return providerMessage({ status, statusText, headers: [['Content-Type', type]] }, Buffer.from(text));
}

function reason(status: number): string {
  const reasons: Record<number, string> = {
    200: 'OK',
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    409: 'Conflict',
    422: 'Unprocessable Entity',
  };
  return reasons[status] ?? '';
}

describe('what providers say', () => {
  it.each<[api: string, status: number, body: unknown, expected: string | undefined]>([
    [
      'problem+json (RFC 9457)',
      404,
      { type: 'about:blank', title: 'Not Found', status: 404, detail: 'There is no note nowhere.' },
      'There is no note nowhere.',
    ],
    [
      'problem+json with a type and errors (RFC 9457 section 3)',
      422,
      {
        type: 'https://example.net/validation-error',
        title: 'Your request is not valid.',
        errors: [
          { detail: 'must be a positive integer', pointer: '#/age' },
          { detail: "must be 'green', 'red' or 'blue'", pointer: '#/profile/color' },
        ],
      },
      "Your request is not valid.; must be a positive integer (#/age); must be 'green', 'red' or 'blue' (#/profile/color)",
    ],
    [
      'problem+json, invalid-params (RFC 7807)',
      400,
      { title: 'Invalid.', 'invalid-params': [{ name: 'age', reason: 'must be a positive integer' }] },
      'Invalid.; must be a positive integer (age)',
    ],
    [
      'GitHub',
      404,
      { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
      undefined,
    ],
    [
      'GitHub, validation',
      422,
      {
        message: 'Validation Failed',
        errors: [{ resource: 'Issue', code: 'missing_field', field: 'title' }],
        documentation_url: 'https://docs.github.com/rest/issues',
      },
      'Validation Failed; missing_field (title)',
    ],
    [
      'GitLab',
      400,
      { message: { name: ['has already been taken'], path: ['is too short', 'is reserved'] } },
      'has already been taken (name); is too short (path); is reserved (path)',
    ],
    ['GitLab, one text', 404, { message: '404 Project Not Found' }, '404 Project Not Found'],
    ['Slack', 200, { ok: false, error: 'channel_not_found' }, 'channel_not_found'],
    [
      'Slack, scopes',
      200,
      { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'identify,channels:read' },
      'missing_scope (needed: chat:write; provided: identify,channels:read)',
    ],
    [
      'Slack, arguments',
      200,
      {
        ok: false,
        error: 'invalid_arguments',
        response_metadata: { messages: ['[ERROR] missing required field: channel'] },
      },
      'invalid_arguments; [ERROR] missing required field: channel',
    ],
    [
      'Google',
      404,
      {
        error: {
          code: 404,
          message: 'File not found: 1x.',
          errors: [{ message: 'File not found: 1x.', domain: 'global', reason: 'notFound' }],
        },
      },
      'File not found: 1x.',
    ],
    [
      'Google, gRPC style',
      403,
      {
        error: {
          code: 403,
          message: 'Request had insufficient authentication scopes.',
          status: 'PERMISSION_DENIED',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
              domain: 'googleapis.com',
            },
          ],
        },
      },
      'PERMISSION_DENIED: Request had insufficient authentication scopes.; ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    ],
    [
      'Google Maps',
      200,
      { error_message: 'The provided API key is invalid.', results: [], status: 'REQUEST_DENIED' },
      'REQUEST_DENIED: The provided API key is invalid.',
    ],
    [
      'Microsoft Graph',
      404,
      {
        error: {
          code: 'ErrorItemNotFound',
          message: 'The specified object was not found in the store.',
          innerError: { date: '2026-01-01T00:00:00', 'request-id': 'a' },
        },
      },
      'ErrorItemNotFound: The specified object was not found in the store.',
    ],
    [
      'SharePoint (OData 3)',
      404,
      { 'odata.error': { code: '-2130575338', message: { lang: 'en-US', value: 'The item is gone.' } } },
      'The item is gone. (code -2130575338)',
    ],
    [
      'OpenAI',
      404,
      {
        error: {
          message: 'The model `x` does not exist',
          type: 'invalid_request_error',
          param: null,
          code: 'model_not_found',
        },
      },
      'model_not_found: The model `x` does not exist',
    ],
    [
      'Anthropic',
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: 'max_tokens: Field required' } },
      'invalid_request_error: max_tokens: Field required',
    ],
    [
      'Stripe',
      404,
      {
        error: {
          code: 'resource_missing',
          doc_url: 'https://stripe.com/docs/error-codes/resource-missing',
          message: "No such customer: 'cus_x'",
          param: 'id',
          type: 'invalid_request_error',
        },
      },
      "resource_missing: No such customer: 'cus_x' (id)",
    ],
    [
      'OAuth (RFC 6749 section 5.2)',
      400,
      { error: 'invalid_grant', error_description: 'The refresh token is invalid.' },
      'invalid_grant: The refresh token is invalid.',
    ],
    [
      'Salesforce',
      400,
      [{ message: "No such column 'Nme' on entity 'Account'.", errorCode: 'INVALID_FIELD' }],
      "INVALID_FIELD: No such column 'Nme' on entity 'Account'.",
    ],
    [
      'JSON:API',
      422,
      {
        errors: [
          {
            status: '422',
            source: { pointer: '/data/attributes/firstName' },
            title: 'Invalid Attribute',
            detail: 'It must have two characters.',
          },
        ],
      },
      'Invalid Attribute: It must have two characters. (/data/attributes/firstName)',
    ],
    [
      'Asana',
      400,
      { errors: [{ message: 'project: Not a recognized ID: 1', help: 'See https://…' }] },
      'project: Not a recognized ID: 1',
    ],
    [
      'Jira, messages',
      404,
      { errorMessages: ['Issue does not exist.'], errors: {} },
      'Issue does not exist.',
    ],
    [
      'Jira, fields',
      400,
      { errorMessages: [], errors: { summary: 'You must specify a summary.' } },
      'You must specify a summary. (summary)',
    ],
    [
      'Notion',
      404,
      {
        object: 'error',
        status: 404,
        code: 'object_not_found',
        message: 'Could not find page with ID: 1.',
        request_id: 'r',
      },
      'object_not_found: Could not find page with ID: 1.',
    ],
    [
      'HubSpot',
      403,
      {
        status: 'error',
        message: 'The scope needed for this call is missing.',
        correlationId: 'c',
        errors: [
          {
            message: 'One of these is required.',
            context: { requiredGranularScopes: ['crm.objects.contacts.read'] },
          },
        ],
        category: 'MISSING_SCOPES',
      },
      'MISSING_SCOPES: The scope needed for this call is missing.; One of these is required.',
    ],
    [
      'Zendesk',
      422,
      {
        error: 'RecordInvalid',
        description: 'Record validation errors',
        details: { email: [{ description: 'Email: is already in use' }] },
      },
      'RecordInvalid: Record validation errors; Email: is already in use (email)',
    ],
    ['Shopify', 404, { errors: 'Not Found' }, undefined],
    ['Shopify, fields', 422, { errors: { title: ["can't be blank"] } }, "can't be blank (title)"],
    [
      'Twilio',
      404,
      {
        code: 20404,
        message: 'The requested resource was not found',
        more_info: 'https://www.twilio.com/docs/errors/20404',
        status: 404,
      },
      'The requested resource was not found (code 20404)',
    ],
    [
      'Telegram',
      400,
      { ok: false, error_code: 400, description: 'Bad Request: chat not found' },
      'chat not found',
    ],
    ['Discord', 404, { message: 'Unknown Channel', code: 10003 }, 'Unknown Channel (code 10003)'],
    [
      'Discord, fields',
      400,
      {
        code: 50035,
        message: 'Invalid Form Body',
        errors: { content: { _errors: [{ code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }] } },
      },
      'Invalid Form Body (code 50035); BASE_TYPE_REQUIRED: This field is required (content)',
    ],
    [
      'Dropbox',
      409,
      { error_summary: 'path/not_found/..', error: { '.tag': 'path', path: { '.tag': 'not_found' } } },
      'path/not_found/..',
    ],
    ['Airtable', 404, { error: 'NOT_FOUND' }, undefined],
    [
      'Airtable, typed',
      422,
      { error: { type: 'INVALID_REQUEST_BODY', message: 'Could not parse request body' } },
      'INVALID_REQUEST_BODY: Could not parse request body',
    ],
    [
      'AWS, JSON',
      400,
      { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', Message: 'Table not found' },
      'ResourceNotFoundException: Table not found',
    ],
    ['FastAPI', 404, { detail: 'Not Found' }, undefined],
    [
      'FastAPI, fields',
      422,
      { detail: [{ loc: ['body', 'items', 0], msg: 'Field required', type: 'missing' }] },
      'missing: Field required (body.items.0)',
    ],
    [
      'Spring Boot',
      400,
      {
        timestamp: '2026-01-01',
        status: 400,
        error: 'Bad Request',
        message: 'size must be positive',
        path: '/x',
      },
      'size must be positive (/x)',
    ],
    [
      'QuickBooks',
      400,
      {
        Fault: {
          Error: [
            { Message: 'Object Not Found', Detail: 'It has been made inactive.', code: '610', element: '' },
          ],
          type: 'ValidationFault',
        },
        time: 't',
      },
      'Object Not Found: It has been made inactive. (code 610)',
    ],
    [
      'Xero',
      400,
      {
        ErrorNumber: 10,
        Type: 'ValidationException',
        Message: 'A validation exception occurred',
        Elements: [{ Name: '', ValidationErrors: [{ Message: 'Name must not be empty.' }] }],
      },
      'ValidationException: A validation exception occurred; Name must not be empty.',
    ],
    [
      'PayPal',
      404,
      {
        name: 'RESOURCE_NOT_FOUND',
        details: [{ issue: 'INVALID_RESOURCE_ID', description: 'Specified resource ID does not exist.' }],
        message: 'The specified resource does not exist.',
        debug_id: 'd',
      },
      'RESOURCE_NOT_FOUND: The specified resource does not exist.; Specified resource ID does not exist.',
    ],
    ['ClickUp', 401, { err: 'Token invalid', ECODE: 'OAUTH_025' }, 'OAUTH_025: Token invalid'],
    [
      'Pipedrive',
      404,
      { success: false, error: 'Deal not found', error_info: 'Check the id.', data: null },
      'Deal not found; Check the id.',
    ],
    [
      'Cloudflare',
      400,
      {
        success: false,
        errors: [{ code: 7003, message: 'Could not route to /x' }],
        messages: [],
        result: null,
      },
      'Could not route to /x (code 7003)',
    ],
    [
      'ServiceNow',
      404,
      { error: { message: 'No Record found', detail: 'It does not exist.' }, status: 'failure' },
      'No Record found: It does not exist.',
    ],
    [
      'Box',
      404,
      { type: 'error', status: 404, code: 'not_found', message: 'Not Found', request_id: 'r' },
      undefined,
    ],
    [
      'Bitbucket',
      404,
      { type: 'error', error: { message: 'Repository x not found', detail: 'Check its name.' } },
      'Repository x not found: Check its name.',
    ],
    [
      'GraphQL',
      200,
      { data: null, errors: [{ message: "Cannot query field 'x'", locations: [{ line: 1, column: 3 }] }] },
      "Cannot query field 'x'",
    ],
    ['a JSON text', 401, '"Invalid API key"', 'Invalid API key'],
    ['a document without a word about it', 404, { id: 5, tags: ['a'], owner: { login: 'me' } }, undefined],
    ['a reason that is no text', 500, { reason: 1 }, undefined],
    ['null', 500, null, undefined],
    ['empty containers', 500, { error: {}, errors: [], message: '' }, undefined],
  ])('%s, %i', async (_api, status, body, expected) => {
    expect(await messageOf(status, body)).toBe(expected);
  });

  it.each([
    ['plain text', 'text/plain', 'invalid id\n\nmore', 'invalid id'],
    ['plain text that says it is JSON', JSON_TYPE, 'upstream connect error', 'upstream connect error'],
    ['the reason alone', 'text/plain', 'Not Found\n', undefined],
    ['a long plain text', 'text/plain', 'x'.repeat(5000), undefined],
    ['JSON that is cut off', JSON_TYPE, '{"message": "half', undefined],
    ['bytes', 'application/octet-stream', '\u0000\u0001', undefined],
    ['nothing', JSON_TYPE, '', undefined],
    [
      'a form',
      'application/x-www-form-urlencoded',
      'error=bad_code&error_description=It+expired',
      'bad_code: It expired',
    ],
    ['a page', 'text/html', '<!doctype html><title>404 Not Found</title><p>x', undefined],
    ['a page with a title', 'text/html', '<html><title>Down &amp; out</title>', 'Down & out'],
    [
      'S3',
      'application/xml',
      '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>',
      'NoSuchKey: The key does not exist.',
    ],
    [
      'SOAP',
      'text/xml',
      '<s:Envelope><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>Bad.</faultstring></s:Fault></s:Body></s:Envelope>',
      's:Client: Bad.',
    ],
    ['a BOM', JSON_TYPE, '\uFEFF{"message":"with a BOM"}', 'with a BOM'],
  ])('%s', async (_what, type, body, expected) => {
    expect(await messageOf(404, body, type)).toBe(expected);
  });
});

describe('what is made of it', () => {
  it('one line, control characters visible', async () => {
    expect(await messageOf(500, { message: 'one\r\ntwo\u001b[2J\u202e' })).toBe('one two␛[2J\\u202e');
  });

  it('at most 300 characters', async () => {
    const message = await messageOf(500, { message: 'é'.repeat(1000) });
    expect(message).toBe(`${'é'.repeat(299)}…`);
  });

  it('at most five statements', async () => {
    const errors = Array.from({ length: 8 }, (_, index) => ({ message: `wrong ${index}` }));
    expect(await messageOf(422, { errors })).toBe('wrong 0; wrong 1; wrong 2; wrong 3; wrong 4; and 3 more');
  });

  it('a charset that is not UTF-8', async () => {
    const body = Buffer.from('{"message":"caf\xe9"}', 'latin1');
    const headers: [string, string][] = [['content-type', 'application/json; charset=iso-8859-1']];
    expect(await providerMessage({ status: 500, statusText: '', headers }, body)).toBe('café');
  });

  it.each([
    ['no route for /x?api_key=abcdef123456&page=2', 'no route for /x?api_key=***&page=2'],
    ['invalid header: Bearer abcdef123456.xyz', 'invalid header: Bearer ***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl has expired', '*** has expired'],
    ['a bearer token is required', 'a bearer token is required'],
  ])('a credential that is repeated is masked: %s', async (text, expected) => {
    expect(await messageOf(401, { message: text })).toBe(expected);
  });

  it('nesting without end', async () => {
    const body = `${'{"error":['.repeat(5000)}"deep"${']}'.repeat(5000)}`;
    expect(await messageOf(500, body)).toBeUndefined();
  });
});
