import type { App } from '../app.ts';
import type { JsonObject } from '../json/object.ts';
import type { Violation } from '../json/schema.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import type { Page } from '../scalekit/pages.ts';
import type { ProxyCall } from '../scalekit/proxy-input.ts';
import type { Tool } from '../scalekit/tools.ts';
import type { JsonText } from '../terminal/terminal.ts';
import { createAccountTools } from './account-tools.ts';

/** A tool as the command line knows it, whoever serves it. */
export interface ListedTool extends Omit<Tool, 'source'> {
  /** `custom`: of a file that `--contracts` names. */
  source: Tool['source'] | 'custom';
  connectionName: string | null;
}

export interface ToolFilter {
  name?: string[];
  provider?: string;
  query?: string;
  /** What could be made available to the user, in place of what they may call. */
  available?: boolean;
  /** The workspace's tools, in place of one user's. */
  catalog?: boolean;
}

export interface ToolOutcome {
  /** What the tool gave; JSON as text, so that integers beyond 2^53 survive. */
  data: JsonText;
  /** Null where no execution was recorded: of a custom tool. */
  executionId: string | null;
  /** What of the data does not fit the output schema, where that is known. */
  violations: readonly Violation[];
}

/** Scalekit's tools and those of contract files, as one list. */
export interface ToolBox {
  /** Page by page as they are asked for. */
  list(filter: ToolFilter): AsyncIterable<Page<ListedTool>>;
  /**
   * Throws `usage` with the nearest names, of `others` too, where there is none; `account` where the account can call
   * no tool.
   */
  find(name: string, others?: readonly string[]): Promise<ListedTool>;
  /** The input with what is known without asking: the identifier, where the tool's schema asks for one. */
  complete(tool: ListedTool, input: JsonObject): Promise<JsonObject>;
  /** Once. The input is sent as it is: check it before. Throws `upstream` where the tool fails. */
  execute(tool: ListedTool, input: JsonObject): Promise<ToolOutcome>;
  /** The flags that lead to the tool: whose it is, or in which files. */
  flags(tool: ListedTool): Promise<string[]>;
  /** Whose account it would run with; what of it only the tool itself knows is left out. */
  account(tool: ListedTool, input: JsonObject): Promise<Partial<AccountKey>>;
  /** What the provider would be sent; undefined where the tool itself decides that. Throws as `execute` does. */
  request(tool: ListedTool, input: JsonObject): Promise<ProxyCall | undefined>;
  /** The file of a custom tool, as it was named. */
  fileOf(tool: ListedTool): string | undefined;
}

export interface ToolBoxOptions {
  /** Files with custom tools. */
  contracts?: string[];
  /** False after `--no-preflight`: not checked is whether the account is ACTIVE. */
  preflight?: boolean;
}

export async function openToolBox(app: App, options: ToolBoxOptions): Promise<ToolBox> {
  const account = createAccountTools(app, options);
  if (options.contracts === undefined || options.contracts.length === 0) return account;
  const { openCustomTools } = await import('./custom-tools.ts');
  return openCustomTools(app, account, options);
}
