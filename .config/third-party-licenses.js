import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Collects the licence of every package that went into the bundles, as their licences ask for, into one file.
 * One plugin serves all bundles: each writes the file with what has been seen so far, the last one all of it.
 * Fails the build for a package that has none.
 */
export function thirdPartyLicenses(fileName) {
  const folders = new Set();
  return {
    name: 'third-party-licenses',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.moduleIds ?? []) {
          const folder = packageFolder(id);
          if (folder !== undefined) folders.add(folder);
        }
      }
      const packages = [...folders].map(describe).sort((a, b) => (a.title < b.title ? -1 : 1));
      const unique = packages.filter(({ title }, index) => title !== packages[index - 1]?.title);
      const source = unique
        .map(({ title, text }) => `${title}\n\n${text.trim()}\n`)
        .join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/** The nearest folder above a module of node_modules whose package.json names a package. */
function packageFolder(id) {
  if (!id.includes('node_modules')) return undefined;
  const path = id.replace(/^\0/, '').split('?')[0];
  for (let folder = dirname(path); folder.includes('node_modules'); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version !== undefined)
      return folder;
  }
  throw new Error(`no package found for ${id}`);
}

function describe(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${name} ${version} declares no licence`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const by = typeof author === 'string' ? author : (author?.name ?? 'its authors');
  const text =
    files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n\n') ||
    `Copyright ${by}. ${license}.`;
  return { title: `${name} ${version} (${license})`, text };
}
