import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { chooseExercise } from '../src/exercises/index.ts'
import { claimsOf } from '../src/verify/claim.ts'
import { temporaryHome, workshopIn } from './support/workshop.ts'

/** The kit's own proof, as a person runs it, on a real restaurant of its own. */
const { home, remove } = temporaryHome()
const workshop = workshopIn(home)
const names = claimsOf(chooseExercise('01'), REPOSITORY).map(({ name }) => name)
const notes = temporaryHome()
afterAll(() => {
  remove()
  notes.remove()
})

test('an exercise fails as it is handed out, its solution passes, its mistakes fail for their own reasons, its faults bite', async () => {
  const { code, stdout, stderr } = await workshop.run('verify', '01', '--faults', '--concurrency', '2', '--json')
  const proof = JSON.parse(stdout)
  expect(proof, stderr).toMatchObject({ passed: true, seeds: 1, concurrency: 2, structure: [{ problems: [] }] })
  expect(proof.claims.map(({ name }: { name: string }) => name)).toEqual(names)
  const findings = [{ id: 'f1' }, { id: 'f2' }, { id: 'f3' }]
  expect(proof.faults).toMatchObject([{ exercise: '01-baseline', seed: 1, findings }])
  expect(code).toBe(0)
  // What ran side by side was elsewhere.
  expect(readdirSync(home)).toEqual([])
}, 240_000)

test('what was found before is not run again', async () => {
  const file = join(notes.home, 'proof.jsonl')
  const sitting = { startedAt: '2026-11-26T22:50:11.000Z', concurrency: 4, machine: 'a machine' }
  const known = names.map((name) => ({
    claim: { exercise: '01-baseline', role: 'mistake', name, seed: 1, ms: 1, holds: true, failed: [], sitting: 0 },
  }))
  writeFileSync(file, [{ sitting }, ...known].map((line) => `${JSON.stringify(line)}\n`).join(''))
  const { code, stdout } = await workshop.run('verify', '01', '--resume', file)
  expect(stdout).toContain(`${names.length} of ${names.length} runs bear out what is claimed, 0 of them run now`)
  expect(code).toBe(0)
})

test('what is no exercise is told so', async () => {
  const { code, stdout } = await workshop.run('verify', '01', '77')
  expect(code).toBe(2)
  expect(stdout).toMatch(/There is no exercise "77"[\s\S]*01-baseline/)
})
