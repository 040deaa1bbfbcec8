import { expect, test } from 'vitest'
import { createTheme } from '../src/screen/theme.ts'
import { claimRows, faultRows, proofSummary, structureRows } from '../src/screen/verify.ts'
import type { Proof } from '../src/verify/proof.ts'
import { holds } from '../src/verify/proof.ts'
import { proofToMarkdown } from '../src/verify/table.ts'

const theme = createTheme({ colour: false, ascii: false })
const claim = { exercise: '02-timeout', seed: 1, ms: 4_200, failed: [], holds: true }
const proof: Proof = {
  structure: [{ exercise: '02-timeout', problems: ['hints.md has 2 hints for "x" instead of 3.'] }],
  claims: [
    { ...claim, role: 'solution', name: 'solution' },
    { ...claim, role: 'solution', name: 'solution', seed: 2, ms: 5_100 },
    { ...claim, role: 'mistake', name: 'late', holds: false, failed: ['b'], problem: 'passed "a"; failed "b"' },
  ],
  faults: [
    {
      exercise: '02-timeout',
      seed: 1,
      id: 'f1',
      fault: 'menu: works slowly',
      alone: true,
      effect: { bites: true, shown: 'order 2: 201 became 504' },
    },
    {
      exercise: '02-timeout',
      seed: 1,
      id: 'f2',
      fault: 'order: killed',
      alone: false,
      effect: { bites: false, shown: 'the same' },
    },
  ],
}

test('every line fits the screen, and what does not hold is told whole', () => {
  const lines = [
    ...proof.claims.flatMap((result) => claimRows(theme, result)),
    ...proof.faults.flatMap((finding) => faultRows(theme, finding)),
    ...proof.structure.flatMap((result) => structureRows(theme, result)),
    ...proofSummary(proof),
  ]
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(lines.join('\n')).toContain('passed "a"; failed "b"')
  expect(proofSummary(proof)).toEqual([
    ' 0 of 1 exercise whole',
    ' 2 of 3 runs bear out what is claimed',
    ' 1 of 2 faults bite',
  ])
  expect(holds(proof)).toBe(false)
  expect(holds({ ...proof, structure: [], claims: proof.claims.slice(0, 2), faults: [] })).toBe(true)
})

test('the table counts the seeds that were run, and hides nothing', () => {
  const table = proofToMarkdown(proof, { startedAt: new Date(0), seeds: 50, machine: 'a machine' })
  expect(table).toContain('- seeds 1 to 2: 2 of 3 runs bear out what is claimed')
  expect(table).toContain('| 02-timeout | solution | 2 of 2 | – | 5.1 s |')
  expect(table).toContain('- 02-timeout, late, seed 1: passed "a"; failed "b"')
  expect(table).toContain('- 02-timeout: hints.md has 2 hints')
  expect(table).toContain('| 02-timeout | menu: works slowly | order 2: 201 became 504 |')
  expect(table).toContain('| 02-timeout | order: killed | **nothing:** the same (with the others) |')
})
