/** What holds for every document, whatever it is about. */
(() => {
  const problems = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const check = (holds, problem) => {
    if (!holds) problems.push(problem);
  };
  check(document.documentElement.lang === 'en', 'the document has no language');
  check(document.title.trim() !== '', 'the document has no title');
  check(all('h1').length === 1, 'there is not one h1');
  check(all('main').length === 1, 'there is not one main');
  check(document.compatMode === 'CSS1Compat', 'the document is in quirks mode');
  check(all('meta[name=viewport]').length === 1, 'there is no viewport');
  const levels = all('h1, h2, h3').map(({ tagName }) => Number(tagName[1]));
  check(
    !levels.some((level, index) => level > (levels[index - 1] ?? 0) + 1),
    `headings jump: ${levels.join()}`,
  );
  const stray = [...document.body.children].filter(
    ({ tagName }) => !['HEADER', 'MAIN', 'FOOTER', 'SCRIPT'].includes(tagName),
  );
  check(stray.length === 0, 'there is content outside the landmarks');
  const ids = all('[id]').map(({ id }) => id);
  check(new Set(ids).size === ids.length, 'an id is there twice');
  for (const attribute of ['for', 'aria-labelledby', 'aria-describedby']) {
    for (const element of all(`[${attribute}]`)) {
      for (const id of (element.getAttribute(attribute) ?? '').split(' ')) {
        check(document.getElementById(id) !== null, `${attribute} names ${id}, which is not there`);
      }
    }
  }
  for (const field of all('input:not([type=hidden]), select, textarea')) {
    check((field.labels ?? []).length === 1, `${field.name} has no label`);
  }
  for (const control of all('a, button')) {
    check((control.textContent ?? '').trim() !== '', `${control.tagName} says nothing`);
  }
  const roots = [location.origin, 'data:'];
  const loaded = all('[src], link[href]').map(
    (element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '',
  );
  check(
    loaded.every((url) => roots.some((root) => new URL(url, location.href).href.startsWith(root))),
    'something is loaded from elsewhere',
  );
  return problems;
})();
