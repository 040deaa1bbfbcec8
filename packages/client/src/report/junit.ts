import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from '../cli/errors.ts'
import { seconds } from '../faults/describe.ts'
import type { Verdict } from '../run/verdict.ts'
import { limitOf, measuredOf } from './page/words.ts'
import type { RunReport } from './run-report.ts'
import { verdictToJson } from './to-json.ts'

/**
 * Writes the runs as JUnit XML, for CI: a suite a run, a case a check.
 *
 * @param file from where the person called, where it is relative
 * @throws UsageError when the file can't be written
 */
export async function writeJUnit(file: string, ...verdicts: readonly Verdict[]): Promise<string> {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file)
  try {
    await writeFile(path, junitOf(verdicts.map(verdictToJson)))
  } catch (error) {
    throw new UsageError(`The file ${file} can't be written.`, {
      ...(error instanceof Error && { meaning: error.message }),
      remedy: ['--junit report.xml    in a folder that exists'],
    })
  }
  return path
}

export function junitOf(reports: readonly RunReport[]): string {
  const checks = reports.flatMap(({ invariants }) => invariants)
  const counts = (all: RunReport['invariants']) =>
    `tests="${all.length}" failures="${all.filter(({ passed }) => !passed).length}" errors="0" skipped="0"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Chaos Kitchen" ${counts(checks)}>
${reports.map((report) => suite(report, counts(report.invariants))).join('\n')}
</testsuites>
`
}

function suite(
  { battery, seed, orderService, client, stage, startedAt, ms, invariants, orders }: RunReport,
  counts: string,
) {
  const properties = { seed, orderService, client, stage }
  return `  <testsuite name="${xml(battery)}" ${counts} time="${(ms / 1_000).toFixed(3)}" timestamp="${xml(startedAt.slice(0, 19))}">
    <properties>
${Object.entries(properties)
  .map(([name, value]) => `      <property name="${name}" value="${xml(String(value))}"/>`)
  .join('\n')}
    </properties>
${invariants.map((invariant) => testCase(`${battery}.seed-${seed}`, invariant, orders)).join('\n')}
  </testsuite>`
}

function testCase(className: string, invariant: RunReport['invariants'][number], orders: RunReport['orders']): string {
  const open = `    <testcase classname="${xml(className)}" name="${xml(invariant.name)}" time="0"`
  if (invariant.passed) return `${open}/>`
  const limit = limitOf(invariant)
  const message = `measured ${measuredOf(invariant)}${limit === '' ? '' : `, limit ${limit}`}`
  const seen = orders.find(({ number }) => number === invariant.order)
  const trace =
    seen === undefined ? '' : `\nOrder ${seen.number}, ${seconds(seen.ms)}: trace ${seen.traceUrl ?? seen.traceId}`
  return `${open}>
      <failure type="invariant" message="${xml(message)}">${xml((invariant.why ?? message) + trace)}</failure>
    </testcase>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escaped; what XML 1.0 can't hold at all becomes U+FFFD. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
