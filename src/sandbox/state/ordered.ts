/** Lists kept in order of creation, so that a page can be cut out by binary search instead of counting. */
export interface Ordered {
  /** Rises with every creation and is never reused. */
  readonly order: number;
}

/** The index of the first element after `order`. */
export function indexAfter(list: readonly Ordered[], order: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.order ?? Infinity) <= order) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function removeOrdered<T extends Ordered>(list: T[], element: T): void {
  const index = indexAfter(list, element.order) - 1;
  if (list[index] === element) list.splice(index, 1);
}

export function insertLast<T extends Ordered>(index: Map<string, T[]>, key: string, element: T): void {
  const list = index.get(key);
  if (list) list.push(element);
  else index.set(key, [element]);
}
