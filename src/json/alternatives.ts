import type { ErrorObject } from 'ajv';

/**
 * Of a value that fits none of some alternatives ajv tells everything that each of them has against it. What
 * remains is what a reader needs: one line with the types where the type alone is wrong, otherwise what the
 * alternatives of the right type have against it.
 */
export function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  let left = [...errors];
  // Inner ones come before those that they are within.
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') continue;
    // Several alternatives fit: there is nothing against any.
    if (error.params['passingSchemas']) continue;
    left = told(left, error);
  }
  return left;
}

function told(errors: readonly ErrorObject[], union: ErrorObject): ErrorObject[] {
  const at = errors.indexOf(union);
  const isWithin = ({ schemaPath }: ErrorObject) => schemaPath.startsWith(`${union.schemaPath}/`);
  const isOfType = (error: ErrorObject) =>
    error.keyword === 'type' && error.instancePath === union.instancePath;
  // What is told of other values of a list has the same place in the schema.
  const isOf = (error: ErrorObject) =>
    isWithin(error) && `${error.instancePath}/`.startsWith(`${union.instancePath}/`);
  const branches = errors.filter((error, index) => index < at && isOf(error));
  if (at < 0 || branches.length === 0) return [...errors];
  const dropped = new Set<ErrorObject>(branches);
  if (!branches.every(isOfType)) {
    for (const error of branches.filter((each) => !isOfType(each))) dropped.delete(error);
    dropped.add(union);
    return errors.filter((error) => !dropped.has(error));
  }
  const types = [...new Set(branches.flatMap(({ params }) => params['type'] as string | string[]))];
  const ofTypes: ErrorObject = { ...union, keyword: 'type', params: { type: types } };
  return errors.flatMap((error) => (error === union ? [ofTypes] : dropped.has(error) ? [] : [error]));
}
