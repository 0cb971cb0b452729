import type { App } from '../app.ts';
import { SkConnectError } from '../errors.ts';
import { confirm } from '../terminal/ask.ts';
import type { ListedTool } from './toolbox.ts';

/** On a terminal, asks before a tool runs that may change something; `--yes` is the answer. Throws `interrupted` for no. */
export async function confirmRun(app: App, { name, readOnly }: ListedTool): Promise<void> {
  if (readOnly === true || app.options.yes === true || !app.terminal.canPrompt) return;
  // Not by an Enter too many.
  if (await confirm(app, `${name} may change something. Run it?`, false)) return;
  throw new SkConnectError('interrupted', `${name} was not run`, {
    code: 'not_confirmed',
    hint: '--yes runs it without being asked.',
  });
}
