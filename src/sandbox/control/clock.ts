import { z } from 'zod';
import type { SandboxControl } from '../interface/control.ts';
import { SandboxControlError } from '../interface/control-error.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { parse } from './parse.ts';
import { shownClock } from './shown.ts';

type ClockOperations = Pick<SandboxControl, 'clock' | 'advanceClock' | 'freezeClock' | 'resumeClock'>;

/** A hundred years: what a date of the sandbox still can say. */
const MOST_SECONDS = 3_155_760_000;

const secondsSchema = z
  .number()
  .min(0, 'must not be less than 0: the clock goes forward alone, reset sets it back')
  .max(MOST_SECONDS, 'is more than a hundred years');
const error = 'is not a time such as 2027-01-31T12:00:00Z';
const timeSchema = z.union([z.iso.datetime({ offset: true, error }), z.date({ error })], { error });

export function clockOperations(state: SandboxState): ClockOperations {
  return {
    clock: () => shownClock(state),

    advanceClock(seconds) {
      const ms = Math.round(parse(z.strictObject({ seconds: secondsSchema }), { seconds }).seconds * 1000);
      requireSayable(state.now() + ms);
      state.clock.advance(ms);
      return shownClock(state);
    },

    freezeClock(at) {
      const given = parse(z.strictObject({ at: timeSchema.optional() }), { at }).at;
      const time = given === undefined ? undefined : new Date(given).getTime();
      if (time !== undefined && time < state.now()) {
        const { now } = shownClock(state);
        throw new SandboxControlError(409, 'clock_goes_forward', `it is ${now} already`, {
          hint: 'The clock goes forward alone; POST /sandbox/v1/reset sets it back.',
        });
      }
      requireSayable(time ?? 0);
      state.clock.freeze(time);
      return shownClock(state);
    },

    resumeClock() {
      state.clock.resume();
      return shownClock(state);
    },
  };
}

function requireSayable(time: number): void {
  if (new Date(time).getUTCFullYear() <= 9999) return;
  throw new SandboxControlError(400, 'invalid_request', 'the clock would go beyond the year 9999', {
    hint: 'POST /sandbox/v1/reset sets it back.',
  });
}
