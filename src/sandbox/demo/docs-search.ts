interface DocsResult {
  title: string;
  url: string;
  excerpt: string;
}

const pages: DocsResult[] = [
  ['Connectors', 'A connector says how to authenticate to one API or MCP server.'],
  ['Connections', 'A connection is one configured connector in an environment, known by its exact name.'],
  ['Connected accounts', "A connected account holds one user's credentials on one connection, and a status."],
  ['Authorization links', 'A time-limited link leads a user to the consent screen or to a credentials form.'],
  ['Account status', 'Only an ACTIVE account can call tools. EXPIRED accounts have to be authorized again.'],
  ['The proxy', 'A proxied request reaches the API with the credential of the connected account added.'],
  ['API keys', 'An API key is sent as it is, in Authorization or in a header of the connector’s choice.'],
  ['Refresh tokens', 'Access tokens are refreshed some minutes before they expire.'],
  ['MCP servers', 'Tools of an MCP server are listed and executed over stateless streamable HTTP.'],
  ['Custom tools', 'A custom tool is a contract that your application defines and serves itself.'],
].map(([title = '', excerpt = '']) => ({
  title,
  url: `https://docs.example/${title.toLowerCase().replaceAll(' ', '-')}`,
  excerpt,
}));

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function score(page: DocsResult, wanted: string[]): number {
  const inTitle = wordsOf(page.title);
  const inText = wordsOf(page.excerpt);
  const matches = (words: string[], word: string) => words.some((each) => each.startsWith(word));
  return wanted.reduce(
    (sum, word) => sum + (matches(inTitle, word) ? 2 : 0) + (matches(inText, word) ? 1 : 0),
    0,
  );
}

/** The demo documentation's pages with any of the query's words, best first. */
export function searchDocs(query: string): DocsResult[] {
  const wanted = wordsOf(query);
  return pages
    .map((page) => ({ page, points: score(page, wanted) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ page }) => page);
}
