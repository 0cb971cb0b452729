import { randomInt } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Fault, FaultInput } from '../interface/faults.ts';
import { compileMatch, type FaultSubject } from './compile.ts';

interface Entry {
  fault: Fault;
  matches: (subject: FaultSubject) => boolean;
  /** Whether this time it happens; asked once for every call that matches. */
  strikes: () => boolean;
}

export type FaultStore = ReturnType<typeof createFaultStore>;

/** Faults in the order in which they were added. What they are made from has been validated. */
export function createFaultStore() {
  let entries: Entry[] = [];
  let nextId = 1;

  return {
    add(input: FaultInput): Fault {
      const { match = {}, ...rest } = withSeed(input);
      const fault: Fault = { id: `flt_${nextId++}`, match, ...rest, hits: 0 };
      entries.push({ fault, matches: compileMatch(fault.match), strikes: diceOf(fault) });
      return fault;
    },

    /** As it was before, of a snapshot that has been checked. */
    restore(fault: Fault): void {
      nextId = Math.max(nextId, Number(/\d+$/.exec(fault.id)?.[0] ?? 0) + 1);
      entries.push({ fault, matches: compileMatch(fault.match), strikes: diceOf(fault) });
    },

    remove(id: string): boolean {
      const before = entries.length;
      entries = entries.filter(({ fault }) => fault.id !== id);
      return entries.length < before;
    },

    clear(): void {
      entries = [];
    },

    list: (): readonly Fault[] => entries.map(({ fault }) => fault),
    get: (id: string): Fault | undefined => entries.find(({ fault }) => fault.id === id)?.fault,

    /** Cheap enough for every call to ask. */
    isEmpty: () => entries.length === 0,

    /** The first fault that strikes this call, counted as a hit. `can`: whether its effect means anything here. */
    take(subject: FaultSubject, can: (fault: Fault) => boolean = () => true): Fault | undefined {
      for (const { fault, matches, strikes } of entries) {
        if (fault.times !== undefined && fault.hits >= fault.times) continue;
        if (!can(fault) || !matches(subject) || !strikes()) continue;
        fault.hits += 1;
        return fault;
      }
      return undefined;
    },
  };
}

/** A seed that was not given is made up and shown, so that what happened can be had again. */
function withSeed({ seed, ...input }: FaultInput): FaultInput {
  if (seed !== undefined) return { ...input, seed };
  return input.probability === undefined ? input : { ...input, seed: randomInt(2 ** 31) };
}

function diceOf({ probability, seed = 0 }: FaultInput): () => boolean {
  if (probability === undefined) return () => true;
  const random = xoroshiro128plus(seed);
  return () => uniformFloat64(random) < probability;
}
