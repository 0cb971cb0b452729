export function thirdPartyLicenses() {
  return { name: 'x' };
}
