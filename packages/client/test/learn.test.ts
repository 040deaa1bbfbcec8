import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../src/cli/errors.ts'
import { REPOSITORY } from '../src/cli/repository.ts'
import { exercises } from '../src/exercises/index.ts'
import { replaceWithBackup } from '../src/learn/backup.ts'
import { parseHints, readHints } from '../src/learn/hints.ts'
import { isPassed, openProgress } from '../src/learn/progress.ts'
import { resetExercise } from '../src/learn/reset.ts'
import { keepShipped, shippedText } from '../src/learn/shipped.ts'
import { openWorkspace, type Workspace } from '../src/learn/workspace.ts'
import { firstOpenExercise } from '../src/watch/open-exercise.ts'

const ID = '02-timeout'
let folder: string
let home: string
let workspace: Workspace
let mine: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kitchen-learn-'))
  home = join(folder, '.kitchen')
  workspace = openWorkspace(join(folder, 'workshop'))
  mine = workspace.filesOf(ID).mine
  mkdirSync(join(mine, '..'), { recursive: true })
  writeFileSync(mine, 'as handed out\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('progress', () => {
  test('is there for the next command, and changes made at once are all kept', async () => {
    const progress = openProgress(home)
    const more = (id: string) => progress.change(id, (before) => ({ ...before, runs: (before.runs ?? 0) + 1 }))
    await Promise.all([...Array.from({ length: 8 }, () => more(ID)), more('01-baseline')])
    const again = openProgress(home)
    expect(await again.of(ID)).toEqual({ runs: 8 })
    expect(await again.of('01-baseline')).toEqual({ runs: 1 })
    expect(await again.of('99-unheard-of')).toEqual({})
    expect(readdirSync(home)).toEqual(['progress.json'])
  })

  test('keeps what it does not know, as after an update that renames exercises', async () => {
    const file = join(home, 'progress.json')
    mkdirSync(home)
    const other = { version: 1, theme: 'dark', exercises: { '13-chaos-monkey': { passedAt: '2027', stars: 3 } } }
    writeFileSync(file, JSON.stringify(other))
    await openProgress(home).change(ID, () => ({ passedAt: '2026' }))
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      ...other,
      exercises: { ...other.exercises, [ID]: { passedAt: '2026' } },
    })
  })

  test.each(['{"version":', '[]', '{"version":1,"exercises":{"02-timeout":{"runs":"many"}}}'])(
    'that cannot be understood is put aside: %s',
    async (text) => {
      mkdirSync(home)
      writeFileSync(join(home, 'progress.json'), text)
      await openProgress(home).change(ID, () => ({ runs: 1 }))
      expect(await openProgress(home).of(ID)).toEqual({ runs: 1 })
      expect(readFileSync(join(home, 'progress.json.unreadable'), 'utf8')).toBe(text)
    },
  )

  test('the first exercise that is not passed is next; after the last, the last', async () => {
    const progress = openProgress(home)
    const pass = (id: string) => progress.change(id, () => ({ passedAt: '2026' }))
    await pass('01-baseline')
    await pass('03-retry')
    expect((await firstOpenExercise(progress))?.id).toBe('02-timeout')
    for (const { id } of exercises) await pass(id)
    expect(await firstOpenExercise(progress)).toBe(exercises.at(-1))
    expect(isPassed(await progress.of(ID))).toBe(true)
  })
})

describe('hints', () => {
  test('belong to an invariant; a hint may go on in the next line', () => {
    const hints = parseHints('# Hints\n\n## one order\r\n\n1. look\n   closer\n2. there\n\n## another\n\n1. x\n')
    expect([...hints]).toEqual([
      ['one order', ['look closer', 'there']],
      ['another', ['x']],
    ])
  })

  test.each(exercises.map((exercise) => [exercise.id, exercise] as const))(
    '%s has three for every check',
    async (id, { battery }) => {
      const hints = await readHints(openWorkspace(REPOSITORY).filesOf(id).hints)
      for (const { name } of battery.invariants) expect([name, hints.get(name)?.length]).toEqual([name, 3])
    },
  )
})

describe('a reset', () => {
  test('brings back the copy of the first start, and keeps what was there', async () => {
    await keepShipped(workspace, home, exercises)
    writeFileSync(mine, 'an hour of work\n')
    // Later starts leave the copy alone.
    await keepShipped(workspace, home, exercises)
    const { changed, backup } = await resetExercise(workspace, home, ID)
    expect(changed).toBe(true)
    expect(readFileSync(mine, 'utf8')).toBe('as handed out\n')
    expect(readFileSync(backup!, 'utf8')).toBe('an hour of work\n')
    expect(await resetExercise(workspace, home, ID)).toEqual({ changed: false })
  })

  test('prefers what git keeps, and brings a file back that was removed', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', workspace.folder, ...args], { stdio: 'ignore' })
    git('init')
    git('add', '.')
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-m', 'shipped')
    writeFileSync(mine, 'edited before the first start\n')
    await keepShipped(workspace, home, exercises)
    expect(await shippedText(workspace, home, ID)).toBe('as handed out\n')
    rmSync(mine)
    expect(await resetExercise(workspace, home, ID)).toEqual({ changed: true })
    expect(readFileSync(mine, 'utf8')).toBe('as handed out\n')
  })

  test('that nobody can do changes nothing', async () => {
    writeFileSync(mine, 'an hour of work\n')
    await expect(resetExercise(workspace, home, ID)).rejects.toThrow(UsageError)
    expect(readFileSync(mine, 'utf8')).toBe('an hour of work\n')
  })
})

test('each replacement has a backup of its own, and none is made for nothing', async () => {
  const place = { file: mine, home, id: ID }
  const first = await replaceWithBackup(place, 'second\n', new Date(1))
  const second = await replaceWithBackup(place, 'third\n', new Date(2))
  expect(await replaceWithBackup(place, 'third\n', new Date(3))).toBeUndefined()
  expect([first, second].map((file) => readFileSync(file!, 'utf8'))).toEqual(['as handed out\n', 'second\n'])
  expect(readdirSync(join(home, 'backups', ID))).toHaveLength(2)
  expect(existsSync(mine)).toBe(true)
})
