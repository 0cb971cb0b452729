import type { SentResponse } from '../send.ts';

/** One answer after it was shown: what is judged, and what errors are told from. */
export interface Answer {
  response: SentResponse;
  /** Decoded. All of it where `isWhole`, else as much of its beginning as was kept (64 KiB and more). */
  body: Uint8Array;
  isWhole: boolean;
  /** Its status is no error, whatever it is: the 416 that says a download is complete. */
  isSettled?: true;
  /** The document of many pages, each of which was looked at for what makes an answer an error. */
  isJoined?: true;
  /** From sending to the body's last byte. */
  durationMs: number;
}
