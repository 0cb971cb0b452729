// What of a number (RFC 8259, section 6) was read last: which characters may follow, and whether it may end.
const MINUS = 0;
const ZERO = 1;
const INTEGER = 2;
const POINT = 3;
const FRACTION = 4;
const EXPONENT_MARK = 5;
const EXPONENT_SIGN = 6;
const EXPONENT = 7;

export type NumberState = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** The state after the first character, `-` or a digit. */
export function numberStart(code: number): NumberState {
  if (code === 0x2d) return MINUS;
  return code === 0x30 ? ZERO : INTEGER;
}

/** The state after one more character, or undefined where the number does not go on with it. */
export function numberNext(state: NumberState, code: number): NumberState | undefined {
  if (code >= 0x30 && code <= 0x39) return afterDigit(state, code);
  if (code === 0x2e) return state === ZERO || state === INTEGER ? POINT : undefined;
  if (code === 0x65 || code === 0x45) {
    return state === ZERO || state === INTEGER || state === FRACTION ? EXPONENT_MARK : undefined;
  }
  return (code === 0x2b || code === 0x2d) && state === EXPONENT_MARK ? EXPONENT_SIGN : undefined;
}

function afterDigit(state: NumberState, code: number): NumberState | undefined {
  if (state === INTEGER || state === FRACTION || state === EXPONENT) return state;
  if (state === ZERO) return undefined;
  if (state === MINUS) return code === 0x30 ? ZERO : INTEGER;
  return state === POINT ? FRACTION : EXPONENT;
}

/** Whether a number may end here. */
export function isWholeNumber(state: NumberState): boolean {
  return state === ZERO || state === INTEGER || state === FRACTION || state === EXPONENT;
}
