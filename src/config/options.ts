/** The flags that every command takes, as commander spells them. `undefined` is "not given". */
export interface GlobalOptions {
  connection?: string;
  identifier?: string;
  envUrl?: string;
  clientId?: string;
  envFile?: string;
  sandbox?: boolean;
  json?: boolean;
  jq?: string;
  /** With `jq`: strings without quotes. */
  rawOutput?: boolean;
  /** False after `--no-color`. */
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  /** A total deadline in seconds. */
  timeout?: number;
  /** False after `--no-input`. */
  mayAsk?: boolean;
  yes?: boolean;
  /** False after `--no-token-cache`. */
  tokenCache?: boolean;
  insecureHttp?: boolean;
}
