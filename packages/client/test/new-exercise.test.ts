import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { chooseExercise, exercises } from '../src/exercises/index.ts'
import { scaffoldExercise } from '../src/new-exercise/scaffold.ts'
import { structureProblems } from '../src/verify/structure.ts'
import { temporaryHome, workshopIn } from './support/workshop.ts'

const MANIFESTS = 'packages/client/src/exercises'
let copy: string
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'kitchen-new-exercise-'))
  mkdirSync(join(copy, MANIFESTS), { recursive: true })
  for (const path of ['exercises', 'solutions', MANIFESTS])
    cpSync(join(REPOSITORY, path), join(copy, path), { recursive: true })
})
afterEach(() => rmSync(copy, { recursive: true, force: true }))

test.each(exercises.map(({ id }) => id))('a copy of %s is whole, and changes nothing that was there', async (model) => {
  const before = readFileSync(join(copy, MANIFESTS, 'index.ts'), 'utf8')
  const { id, made, importLine, entry } = await scaffoldExercise(copy, 'slow-tuesday', chooseExercise(model))
  expect(id).toBe('13-slow-tuesday')
  for (const path of made) expect(existsSync(join(copy, path))).toBe(true)
  expect(importLine).toBe("import { slowTuesdayExercise } from './13-slow-tuesday.ts'")
  expect(entry).toBe('slowTuesdayExercise,')
  const manifest = readFileSync(join(copy, MANIFESTS, `${id}.ts`), 'utf8')
  expect(manifest).toContain('export const slowTuesdayExercise: Exercise = {')
  expect(manifest).toContain(`id: '${id}'`)
  expect(manifest).not.toContain(`'${model}'`)
  expect(readFileSync(join(copy, `exercises/${id}/README.md`), 'utf8')).toMatch(/^# 13 Slow tuesday\n/)
  const { battery, ...rest } = chooseExercise(model)
  expect(structureProblems({ ...rest, id, battery: { ...battery, name: id } }, copy)).toEqual([])
  expect(readFileSync(join(copy, MANIFESTS, 'index.ts'), 'utf8')).toBe(before)
})

test('the same name a second time is refused, and nothing is written', async () => {
  await scaffoldExercise(copy, 'slow-tuesday', chooseExercise('02'))
  await expect(scaffoldExercise(copy, 'slow-tuesday', chooseExercise('02'))).rejects.toThrow('13-slow-tuesday already')
  expect(existsSync(join(copy, 'exercises/14-slow-tuesday'))).toBe(false)
})

test.each(['', 'A', '../evil', 'x', 'with space', '-x'])('%j is no name', async (name) => {
  await expect(scaffoldExercise(copy, name, chooseExercise('02'))).rejects.toThrow('is no name')
})

test('as a command it says what to do with a wrong name or model', async () => {
  const { home, remove } = temporaryHome()
  const workshop = workshopIn(home)
  expect(await workshop.run('new-exercise', 'Nope!')).toMatchObject({ code: 2 })
  const { code, stdout } = await workshop.run('new-exercise', 'fine', '--from', '02-timeou')
  expect(code).toBe(2)
  expect(stdout).toContain('Did you mean "02-timeout"?')
  remove()
})
