/**
 * In the bundle, in place of the package that axios loads with a table of a thousand media types. axios asks
 * whether a body is one of these; sk-connect makes its bodies itself and sends none of them.
 */
export default function FormData() {
  throw new Error('sk-connect sends no form through axios');
}
