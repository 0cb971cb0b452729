import type { Message } from './message.ts';
import type { Answer } from './recorder.ts';

/** What was typed → the bytes that reached the upstream → what was printed. */
export interface WireCase {
  what: string;
  /** In a shell, behind `sk-connect request`. */
  typed: string;
  stdin?: string | Uint8Array;
  /** In the folder it is typed in. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** Which streams are a terminal. */
  terminal?: true | readonly ('stdin' | 'stdout' | 'stderr')[];
  /** `wire` where it is left out. */
  connection?: 'wire' | 'keyed' | 'basic' | 'off' | 'down';
  identifier?: string;
  /** Beside the sandbox's variables. */
  env?: Readonly<Record<string, string>>;
  /** Every request that reaches the upstream; none where it is left out. */
  arrives?: Message | readonly Message[];
  /** To each of them; a 200 with an empty body where it is left out. */
  answers?: Answer | readonly Answer[];
  /** Nothing where it is left out. */
  stdout?: string | Uint8Array | RegExp;
  stderr?: string | RegExp;
  exitCode?: number;
  /** What is in these files afterwards; null for none of that name. */
  leaves?: Readonly<Record<string, string | Uint8Array | null>>;
  /** Also with the program as it is built, in a process of its own. */
  isAlsoBuilt?: true;
}
