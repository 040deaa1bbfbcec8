import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What an entry of the built package exports, then the declarations behind it, module by module. */
export function surface(folder: string, entry: string): string {
  const text = readFileSync(join(folder, entry), 'utf8')
  const parts = [...exportsOf(text)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, names]) => {
      const file = join(folder, dirname(entry), from.replace(/\.(ts|js)$/, '.d.ts'))
      return `// ${from}\n${publicPart(readFileSync(file, 'utf8'), names)}`
    })
  return [`// ${entry}\n${text}`, ...parts].join('\n')
}

/** The names that are exported from each module; `*` for all of them. */
function exportsOf(entry: string): Map<string, Set<string>> {
  const modules = new Map<string, Set<string>>()
  for (const [, list = '', from = ''] of entry.matchAll(/export (?:type )?(\*|\{[^}]*\}) from '(\.[^']+)'/g)) {
    const names = modules.get(from) ?? new Set()
    for (const name of list.match(/\*|\b(?!type\b)[\w$]+/g) ?? []) names.add(name)
    modules.set(from, names)
  }
  return modules
}

/** The declarations of these names, and those of the same module that they mention. No private members. */
function publicPart(declarations: string, names: ReadonlySet<string>): string {
  const all = declarations
    .split(/^(?=(?:export |declare |interface |type |class )(?!\{\}))/m)
    .map((text) => ({ name: NAME.exec(text)?.[1] ?? '', text: withoutPrivates(text) }))
    .filter(({ name }) => name !== '')
  const kept = new Set(all.filter(({ name }) => names.has('*') || names.has(name)))
  for (const { text } of kept)
    for (const other of all) if (new RegExp(`\\b${other.name}\\b`).test(text)) kept.add(other)
  return all
    .filter((declaration) => kept.has(declaration))
    .map(({ text }) => text)
    .join('')
}

const NAME = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|function|const|let|var) ([\w$]+)/

function withoutPrivates(declaration: string): string {
  return declaration
    .split('\n')
    .filter((line) => !/^\s+(private|#)/.test(line) && line !== 'export {};')
    .join('\n')
}
