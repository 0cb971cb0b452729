import type { JsonObject } from '../../../json/object.ts';

/** What an API's strict mode takes of JSON Schema. */
export interface StrictRules {
  /** Constraints that it enforces. */
  enforced: ReadonlySet<string>;
  /** Constraints that it does not, and that are told in the description instead, as the API's own SDK does it. */
  told: ReadonlySet<string>;
  /** The values of `format` that it enforces; others are told. */
  formats: ReadonlySet<string>;
  /** Every property has to be required: what is optional is null where it is left out. */
  isAllRequired: boolean;
  /** A list of types may stand in `type`, as long as they are scalar. */
  hasTypeLists: boolean;
  /** `enum` and `const` need a `type` beside them; else they stand without. */
  typesLiterals: boolean;
  allowsRecursion: boolean;
  /** Above which `minItems` is told. */
  mostMinItems: number;
  /** The limit that a finished schema exceeds. */
  exceeded?(schema: JsonObject): string | undefined;
  /** In one request. */
  mostTools?: number;
}

/** Why there is no strict variant of a tool. */
export class NotStrict extends Error {
  readonly reason: string;
  readonly place: string;

  constructor(reason: string, place: string) {
    super(`${reason}: ${place}`);
    this.reason = reason;
    this.place = place;
  }
}
