/**
 * In the bundle, in place of the package that the SDK's client loads for one flat form, which sk-connect makes
 * itself before it signs in.
 */
export function stringify(form) {
  return new URLSearchParams(form).toString();
}

export default { stringify };
