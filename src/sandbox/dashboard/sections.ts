import type { Html } from '../html/document.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { accountsSection } from './accounts-section.ts';
import { connectionsSection } from './connections-section.ts';
import { exchangesSection } from './exchanges-section.ts';
import { linksSection } from './links-section.ts';
import { clockSection, faultsSection, summarySection } from './status-sections.ts';

/** The page's parts, from what needs somebody to what merely happened. None of them ever holds a credential. */
const SECTIONS: Record<string, (state: SandboxState) => Html | undefined> = {
  summary: summarySection,
  clock: clockSection,
  faults: faultsSection,
  links: linksSection,
  accounts: accountsSection,
  exchanges: exchangesSection,
  connections: connectionsSection,
};

/** The HTML of every part by its id, in the order of the page; empty where there is nothing to say. */
export async function renderSections(state: SandboxState): Promise<Map<string, string>> {
  const rendered = Object.entries(SECTIONS).map(
    async ([id, render]) => [id, String((await render(state)) ?? '')] as const,
  );
  return new Map(await Promise.all(rendered));
}
