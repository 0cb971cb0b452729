// An agent of a plain Node app: the loop around a model's tool calls, in the shape of Anthropic's Messages API.
// The model is a script; everything else is as it would be with one.
import { ScalekitClient } from '@scalekit-sdk/node';
import { loadTools, ToolError } from 'sk-connect/tools';
import { createMessage } from './scripted-model.js';

const { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET } = process.env;
const scalekit = new ScalekitClient(SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET);
const tools = await loadTools(new URL('tools.yaml', import.meta.url), { client: scalekit });

// In an app: of the session. Never from the model.
const identifier = process.argv[2];

const messages = [{ role: 'user', content: 'Tell #general how many unread messages I have.' }];
for (;;) {
  const { content, stop_reason } = await createMessage({ tools: tools.definitions('anthropic'), messages });
  messages.push({ role: 'assistant', content });
  if (stop_reason !== 'tool_use') break;
  const calls = content.filter(({ type }) => type === 'tool_use');
  messages.push({ role: 'user', content: await Promise.all(calls.map(toolResult)) });
}
console.log(JSON.stringify(messages, null, 2));

async function toolResult({ id: tool_use_id, name, input }) {
  const result = { type: 'tool_result', tool_use_id };
  try {
    const output = await tools.call(name, input, { identifier });
    return { ...result, content: JSON.stringify(output) };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (error.code === 'account_not_active') await askToAuthorize(error.connectionName);
    return { ...result, is_error: true, content: error.message };
  }
}

async function askToAuthorize(connectionName) {
  const { link } = await scalekit.actions.getAuthorizationLink({ connectionName, identifier });
  console.error(`To go on, authorize ${connectionName}: ${link}`);
}
