// Stands for `client.messages.create()` of @anthropic-ai/sdk: what it says next follows from the last results.

const turns = [
  () => [use('gmail_list_filters', {}), use('gmail_list_unread', { max_results: 500 })],
  // Corrects itself by what it was told.
  ([, refused]) => [use('gmail_list_unread', { max_results: Number(/<= (\d+)/.exec(refused.content)[1]) })],
  ([unread]) => [
    post('#general', `${JSON.parse(unread.content).messages.length} unread`),
    use('gmail_sent', {}),
  ],
  () => [post('C1', 'again'), use('calendar_next_event', {})],
  () => [{ type: 'text', text: 'Done, as far as I could.' }],
];
let ids = 0;

export async function createMessage({ tools, messages }) {
  const results = messages.at(-1).content;
  const content = turns[(messages.length - 1) / 2](results);
  const unknown = content.find(({ type, name }) => type === 'tool_use' && !isKnown(tools, name));
  if (unknown !== undefined && unknown.name !== 'gmail_sent') throw new Error(`not offered: ${unknown.name}`);
  const stop_reason = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  return { role: 'assistant', content, stop_reason };
}

function isKnown(tools, name) {
  return tools.some((tool) => tool.name === name && tool.input_schema.type === 'object');
}

function use(name, input) {
  ids += 1;
  return { type: 'tool_use', id: `toolu_${ids}`, name, input };
}

function post(channel, text) {
  return use('slack_send_message', { channel, text });
}
