import { afterAll, expect, test } from 'vitest'
import { temporaryHome, workshopIn } from './support/workshop.ts'

/** The kit's own proof, as a person runs it, on a real restaurant of its own. */
const { home, remove } = temporaryHome()
const workshop = workshopIn(home)
afterAll(remove)

test('an exercise fails as it is handed out, its solution passes, its mistakes fail for their own reasons, its faults bite', async () => {
  const { code, stdout, stderr } = await workshop.run('verify', '01', '--faults', '--json', '--port-base', '0')
  const proof = JSON.parse(stdout)
  expect(proof, stderr).toMatchObject({ passed: true, seeds: 1, structure: [{ problems: [] }] })
  expect(proof.claims.map(({ name }: { name: string }) => name)).toEqual([
    'shipped',
    'solution',
    'sequential',
    'unknown-item-is-500',
  ])
  expect(proof.faults).toHaveLength(2)
  expect(code).toBe(0)
}, 240_000)

test('what is no exercise is told so', async () => {
  const { code, stdout } = await workshop.run('verify', '77')
  expect(code).toBe(2)
  expect(stdout).toMatch(/There is no exercise "77"[\s\S]*01-baseline/)
})
