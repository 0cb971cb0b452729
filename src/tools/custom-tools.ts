import type { App } from '../app.ts';
import type { ToolBox, ToolBoxOptions } from './toolbox.ts';

/** The tools of contract files before those of the account. */
export async function openCustomTools(
  _app: App,
  _account: ToolBox,
  _options: ToolBoxOptions,
): Promise<ToolBox> {
  throw new Error('to come');
}
