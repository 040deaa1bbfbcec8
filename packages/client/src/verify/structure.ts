import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from '../exercises/index.ts'

/** All of them: who reads a file scrolls past its imports and comments, too. */
const MOST_LINES = 120
const HINTS = 3
const LEAST_MISTAKES = 2
const SECTIONS = ['Predict first', 'Read', 'Do', 'You are done when', 'Sources']
const MAY_IMPORT = /^(?:node:|@chaos-kitchen\/(?:order-service|resilience)(?:\/|$))/

/**
 * What can be said of an exercise without running it; each problem as a sentence.
 *
 * @param before the exercise that it builds on, where there is one
 */
export function structureProblems(exercise: Exercise, repository: string, before?: Exercise): string[] {
  const folder = join(repository, 'exercises', exercise.id)
  const solution = join(repository, 'solutions', exercise.id)
  const missing = [
    ...['README.md', 'hints.md', 'place-order.ts'].map((name) => join(folder, name)),
    ...['README.md', 'place-order.ts'].map((name) => join(solution, name)),
  ].filter((file) => !existsSync(file))
  if (missing.length > 0) return missing.map((file) => `${relative(file, repository)} is missing.`)
  const shipped = readFileSync(join(folder, 'place-order.ts'), 'utf8')
  return [
    ...nameProblems(exercise),
    ...readmeProblems(readFileSync(join(folder, 'README.md'), 'utf8')),
    ...hintProblems(exercise, readFileSync(join(folder, 'hints.md'), 'utf8')),
    ...mistakeProblems(exercise, join(folder, 'mistakes')),
    ...fileProblems(shipped),
    ...importProblems([folder, solution], repository),
    ...(before === undefined ? [] : startProblems(shipped, before, repository)),
  ]
}

function nameProblems({ id, battery, failsOn, mistakes }: Exercise): string[] {
  const invariants = battery.invariants.map(({ name }) => name)
  const unknown = [...failsOn, ...mistakes.flatMap((mistake) => [mistake.failsOn, ...(mistake.explains ?? [])])].filter(
    (name) => !invariants.includes(name),
  )
  return [
    ...(/^\d\d-[a-z][a-z0-9-]{1,30}$/.test(id) ? [] : [`"${id}" is no name as 02-timeout.`]),
    ...(battery.name === id ? [] : [`The battery is called "${battery.name}" instead of "${id}".`]),
    ...(failsOn.length > 0 ? [] : ['Nothing is said about what it fails on as it is handed out.']),
    ...twice(invariants).map((name) => `Two checks are called "${name}".`),
    ...[...new Set(unknown)].map((name) => `There is no check "${name}".`),
  ]
}

function readmeProblems(readme: string): string[] {
  const sections = [...readme.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
  return [
    ...(/^# \d\d \S/.test(readme) ? [] : ['README.md does not begin with its number and name.']),
    ...SECTIONS.filter((title) => !sections.includes(title)).map((title) => `README.md has no section "${title}".`),
  ]
}

function hintProblems({ battery }: Exercise, hints: string): string[] {
  const sections = new Map(
    hints.split(/^## /m).map((section) => {
      const [title = '', ...lines] = section.split('\n')
      return [title.trim(), lines.filter((line) => /^\d\. \S/.test(line)).length] as const
    }),
  )
  return battery.invariants
    .filter(({ name }) => sections.get(name) !== HINTS)
    .map(({ name }) => `hints.md has ${sections.get(name) ?? 'no'} hints for "${name}" instead of ${HINTS}.`)
}

function mistakeProblems({ mistakes }: Exercise, folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.ts$/, '')) : []
  const names = mistakes.map(({ name }) => name)
  return [
    ...(names.length >= LEAST_MISTAKES ? [] : [`It has fewer than ${LEAST_MISTAKES} mistakes.`]),
    ...twice(names).map((name) => `Two mistakes are called "${name}".`),
    ...names.filter((name) => !files.includes(name)).map((name) => `mistakes/${name}.ts is missing.`),
    ...files.filter((name) => !names.includes(name)).map((name) => `mistakes/${name}.ts is not registered.`),
  ]
}

function fileProblems(shipped: string): string[] {
  const lines = shipped.trimEnd().split('\n').length
  return [
    ...(lines <= MOST_LINES ? [] : [`place-order.ts has ${lines} lines, more than ${MOST_LINES}.`]),
    ...(/\bTODO\b/.test(shipped) ? [] : ['place-order.ts holds no TODO.']),
  ]
}

function importProblems(folders: readonly string[], repository: string): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const text = readFileSync(join(folder, name), 'utf8')
        return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)]
          .map(([, specifier = '']) => specifier)
          .filter((specifier) => !MAY_IMPORT.test(specifier))
          .map((specifier) => `${relative(join(folder, name), repository)} imports ${specifier}.`)
      }),
  )
}

/** An exercise begins where the one before it ended; only comments may differ. */
function startProblems(shipped: string, before: Exercise, repository: string): string[] {
  const solved = join(repository, 'solutions', before.id, 'place-order.ts')
  if (!existsSync(solved) || codeOf(readFileSync(solved, 'utf8')) === codeOf(shipped)) return []
  return [`place-order.ts differs from the solution of ${before.id} in more than comments.`]
}

function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n')
}

function twice(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index)
}

function relative(file: string, repository: string): string {
  return file.slice(repository.length + 1).replaceAll('\\', '/')
}
