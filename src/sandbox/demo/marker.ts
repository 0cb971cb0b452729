/** A header of every page of the demo's authorization server, whose forms may be filled in by a program. */
export const DEMO_MARKER = 'x-sk-connect-demo';
