import type { CallOptions, RequestOptions } from '../../request/options.ts';

/** What `tools new` takes beside the global options and those of the call. */
export interface NewOptions extends CallOptions, Pick<RequestOptions, 'preflight' | 'dryRun'> {
  /** Where the tool is added; `-` prints it only. */
  file?: string;
  description?: string;
  /** `channel,text`, or `name=part`; empty for none. */
  inputs?: string;
  /** `limit,cursor`: those that may be left out. */
  optional?: string;
  /** `name=text`. */
  describe?: string[];
  /** The contract's `output`. */
  outputExpr?: string;
}
