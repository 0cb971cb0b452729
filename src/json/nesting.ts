/** Which objects and arrays are open: a bit each, as a hostile text may open 100 million. */
export interface Nesting {
  depth(): number;
  open(isObject: boolean): void;
  close(): void;
  /** Of the innermost; false where none is open. */
  isObject(): boolean;
}

export function createNesting(): Nesting {
  let bits = new Uint8Array(32);
  let depth = 0;
  let isObject = false;
  return {
    depth: () => depth,
    isObject: () => isObject,
    open: (isNextObject) => {
      const index = depth >> 3;
      if (index === bits.length) {
        const wider = new Uint8Array(bits.length * 2);
        wider.set(bits);
        bits = wider;
      }
      const mask = 1 << (depth & 7);
      bits[index] = isNextObject ? (bits[index] ?? 0) | mask : (bits[index] ?? 0) & ~mask;
      depth++;
      isObject = isNextObject;
    },
    close: () => {
      depth--;
      const last = depth - 1;
      isObject = last >= 0 && ((bits[last >> 3] ?? 0) & (1 << (last & 7))) !== 0;
    },
  };
}
