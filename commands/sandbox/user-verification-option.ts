import { Option } from 'commander';

export function userVerificationOption(): Option {
  return new Option(
    '--user-verification <mode>',
    "verify the users of OAuth accounts (the config's otherwise)",
  ).choices(['off', 'custom']);
}
