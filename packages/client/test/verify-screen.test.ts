import { expect, test } from 'vitest'
import { createTheme } from '../src/screen/theme.ts'
import { claimRows, faultRows, proofSummary, structureRows } from '../src/screen/verify.ts'
import type { Proof } from '../src/verify/proof.ts'
import { holds } from '../src/verify/proof.ts'
import { proofToMarkdown } from '../src/verify/table.ts'

const theme = createTheme({ colour: false, ascii: false })
const claim = { exercise: '02-timeout', seed: 1, ms: 4_200, failed: [], holds: true, sitting: 0 }
const at = { startedAt: '2026-11-26T22:50:11.000Z', commit: 'abc1234', concurrency: 4, machine: 'a machine' }
const proof: Proof = {
  sittings: [at],
  structure: [{ exercise: '02-timeout', problems: ['hints.md has 2 hints for "x" instead of 3.'] }],
  claims: [
    { ...claim, role: 'solution', name: 'solution' },
    { ...claim, role: 'solution', name: 'solution', seed: 2, ms: 5_100 },
    {
      ...claim,
      role: 'mistake',
      name: 'late',
      holds: false,
      failed: ['b'],
      problem: 'passed "a"; failed "b"',
      late: 480,
    },
  ],
  faults: [
    {
      ...{ exercise: '02-timeout', seed: 1, sitting: 0 },
      findings: [
        {
          ...{ id: 'f1', fault: 'menu: works slowly', alone: true },
          effect: { bites: true, shown: 'order 2: 201 became 504' },
        },
        { ...{ id: 'f2', fault: 'order: killed', alone: false }, effect: { bites: false, shown: 'the same' } },
      ],
    },
  ],
}

test('every line fits the screen, and what does not hold is told whole', () => {
  const lines = [
    ...proof.claims.flatMap((result) => claimRows(theme, result)),
    ...proof.faults.flatMap((result) => faultRows(theme, result)),
    ...proof.structure.flatMap((result) => structureRows(theme, result)),
    ...proofSummary(proof),
  ]
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(lines.join('\n')).toContain('passed "a"; failed "b"')
  expect(proofSummary(proof)).toEqual([
    ' 0 of 1 exercise whole',
    ' 2 of 3 runs bear out what is claimed',
    ' 1 of 2 faults bite',
    ' on 4 restaurants side by side',
  ])
  expect(holds(proof)).toBe(false)
  expect(holds({ ...proof, structure: [], claims: proof.claims.slice(0, 2), faults: [] })).toBe(true)
})

test('the table says what was run, on what, and hides nothing', () => {
  const table = proofToMarkdown(proof, 'verify --seeds 50 --concurrency 4 --table')
  expect(table).toContain('written by `pnpm workshop verify --seeds 50 --concurrency 4 --table`')
  expect(table).toContain('- 2026-11-26 22:50 UTC, commit abc1234: 3 runs (seeds 1 to 2 of 02); each fault alone')
  expect(table).toContain('(seed 1 of 02); 4 restaurants side by side')
  expect(table).toContain('2 of 3 runs bear out what is claimed')
  expect(table).toContain('| 02-timeout | solution | 2 of 2 | – | 5.1 s |')
  expect(table).toContain(
    '- 02-timeout, late, seed 1: passed "a"; failed "b" (timers were up to 480 ms late meanwhile)',
  )
  expect(table).toContain('- 02-timeout: hints.md has 2 hints')
  expect(table).toContain('| 02-timeout | menu: works slowly | 1 of 1 | order 2: 201 became 504 |')
  expect(table).toContain('| 02-timeout | order: killed | 0 of 1 | **nothing on seed 1:** the same |')
})

test('the table tells the sittings apart, and a fault that some seeds hide', () => {
  const [first] = proof.faults
  const later = { ...at, startedAt: '2026-11-26T23:30:00.000Z', commit: 'def5678', concurrency: 1 }
  const [late, , other] = proof.claims
  const table = proofToMarkdown(
    {
      ...proof,
      sittings: [at, { ...at, commit: 'nothing' }, later],
      claims: [late!, { ...other!, seed: 7, sitting: 2 }, { ...other!, exercise: '03-retry', seed: 9, sitting: 2 }],
      faults: [first!, { ...first!, seed: 2, findings: first!.findings.slice(1), sitting: 2 }],
    },
    'verify --table',
  )
  expect(table).toContain('commit abc1234: 1 run (seed 1 of 02);')
  expect(table).toContain('commit def5678: 2 runs (seed 7 of 02; seed 9 of 03); each fault alone (seed 2 of 02); one')
  expect(table).not.toContain('commit nothing')
  expect(table).toContain('| 0 of 2 | **nothing on seed 1:** the same; **nothing on seed 2:** the same |')
})
