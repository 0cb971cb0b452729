import { requireActiveAccount } from '../accounts/active.ts';
import { requireAccountKey } from '../accounts/select.ts';
import type { App } from '../app.ts';
import { showAnswer } from './answer/show.ts';
import { buildCall } from './call/build.ts';
import { checkOptions } from './conflicts.ts';
import { readExpectations } from './expect/expectations.ts';
import { judge } from './judge.ts';
import type { RequestOptions } from './options.ts';
import { createSend } from './send.ts';

/**
 * Sends `[METHOD] PATH` through the proxy and prints the answer: once, page by page, or over and over.
 * Throws `upstream` for a status of 400 and above, and `expectation` for what was expected and did not come.
 */
export async function request(app: App, words: readonly string[], options: RequestOptions): Promise<void> {
  // What is wrong with the command line is found before anything is sent.
  checkOptions(words, options, app.options);
  const expectations = await readExpectations(app, options);
  const key = await requireAccountKey(app);
  const typed = await buildCall(app, key, words, options);
  if (options.dryRun === true) {
    const { showRequest } = await import('./dry-run.ts');
    return showRequest(app, typed);
  }
  if (options.code !== undefined) {
    const { printProgram } = await import('./code/code.ts');
    return printProgram(app, typed, options.code);
  }
  if (options.preflight !== false) await requireActiveAccount(app, key);
  const send = await createSend(app, options);
  if (options.repeat !== undefined) {
    const { repeatCall } = await import('./repeat/repeat.ts');
    return repeatCall(app, key, typed.call, send, options, expectations);
  }
  const answer = await (options.paginate === true
    ? import('./pages/paginate.ts').then(({ paginate }) => paginate(app, typed, send, options))
    : showAnswer(app, typed.call, send, options));
  await judge(app, key, answer, options, expectations);
}
