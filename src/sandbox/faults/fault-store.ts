import { randomInt } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { Fault, FaultInput } from '../interface/faults.ts';
import { compileMatch, type FaultSubject } from './compile.ts';

interface Entry {
  fault: Fault;
  matches: (subject: FaultSubject) => boolean;
  dice: Dice | undefined;
}

/** A fault as a snapshot has it. */
export interface KeptFault extends Fault {
  /** Where in its sequence a probability is: the generator's state. */
  dice?: readonly number[];
}

export type FaultStore = ReturnType<typeof createFaultStore>;

/** Faults in the order in which they were added. What they are made from has been validated. */
export function createFaultStore() {
  let entries: Entry[] = [];
  let nextId = 1;

  function push(fault: Fault, thrown?: readonly number[]): void {
    entries.push({ fault, matches: compileMatch(fault.match), dice: diceOf(fault, thrown) });
  }

  return {
    add(input: FaultInput): Fault {
      const { match = {}, ...rest } = withSeed(input);
      const fault: Fault = { id: `flt_${nextId++}`, match, ...rest, hits: 0 };
      push(fault);
      return fault;
    },

    /** As it was before, of a snapshot that has been checked. */
    restore({ dice, ...fault }: KeptFault): void {
      nextId = Math.max(nextId, Number(/\d+$/.exec(fault.id)?.[0] ?? 0) + 1);
      push(fault, dice);
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
    /** What `restore` takes. */
    kept: (): KeptFault[] =>
      entries.map(({ fault, dice }) => ({ ...fault, ...(dice && { dice: dice.position() }) })),
    get: (id: string): Fault | undefined => entries.find(({ fault }) => fault.id === id)?.fault,

    /** Cheap enough for every call to ask. */
    isEmpty: () => entries.length === 0,

    /** The first fault that strikes this call, counted as a hit. `can`: whether its effect means anything here. */
    take(subject: FaultSubject, can: (fault: Fault) => boolean = () => true): Fault | undefined {
      for (const { fault, matches, dice } of entries) {
        if (fault.times !== undefined && fault.hits >= fault.times) continue;
        if (!can(fault) || !matches(subject) || dice?.strikes() === false) continue;
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

interface Dice {
  /** Whether this time it happens; asked once for every call that matches. */
  strikes: () => boolean;
  position: () => readonly number[];
}

function diceOf({ probability, seed = 0 }: FaultInput, position?: readonly number[]): Dice | undefined {
  if (probability === undefined) return undefined;
  const random = position ? xoroshiro128plusFromState(position) : xoroshiro128plus(seed);
  return { strikes: () => uniformFloat64(random) < probability, position: () => random.getState() };
}
