import type { Io } from './io.ts';
import type { Terminal } from './terminal.ts';
import { visibleLine } from './visible.ts';

/** Says what is waited for, on stderr: animated on a terminal, else one line whenever the words change. */
export interface Waiting {
  say(text: string): void;
  /** Leaves nothing of itself on the screen. */
  stop(): void;
}

export async function startWaiting(io: Io, terminal: Terminal): Promise<Waiting> {
  if (!terminal.canAnimate) return { say: onChange(terminal), stop: () => {} };
  const { default: ora } = await import('ora');
  const spinner = ora({
    stream: io.stderr as NodeJS.WriteStream,
    // stdin stays ours: Enter checks at once.
    discardStdin: false,
    color: terminal.errStyle.level > 0 ? 'cyan' : false,
    isEnabled: true,
  });
  return {
    say: (text) => {
      spinner.text = visibleLine(text);
      if (!spinner.isSpinning) spinner.start();
    },
    stop: () => void spinner.stop(),
  };
}

/** Without the parts in parentheses, as the time left, which change all the while. */
function onChange(terminal: Terminal): (text: string) => void {
  let last = '';
  return (text) => {
    const lasting = text.replace(/ *\([^)]*\)/g, '');
    if (lasting !== last) terminal.notice(lasting);
    last = lasting;
  };
}
