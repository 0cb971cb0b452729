import type { CustomTool } from './tool.ts';

/** The custom tools of some files, in their order. Throws a usage error with every problem and its place. */
export async function loadCustomTools(_files: readonly string[], _cwd: string): Promise<CustomTool[]> {
  throw new Error('to come');
}
