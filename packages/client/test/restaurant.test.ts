import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchTrace, type Span } from '@chaos-kitchen/telemetry'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryHome, workshopIn } from './support/workshop.ts'

/** Commands against one restaurant that runs all the while: real PostgreSQL, processes, proxies and traces. */
const { home, remove } = temporaryHome()
const workshop = workshopIn(home)
const files = mkdtempSync(join(tmpdir(), 'kitchen-files-'))
const LONG = 240_000

beforeAll(async () => {
  const { code, stdout, stderr } = await workshop.run('up', '--port-base', '0')
  expect(stderr + stdout).toContain('pnpm workshop down')
  expect(code).toBe(0)
}, LONG)

afterAll(async () => {
  await workshop.run('down')
  remove()
  rmSync(files, { recursive: true, force: true })
}, LONG)

const Verdict = Type.Object({
  ...{ battery: Type.String(), seed: Type.Integer(), stage: Type.Literal('embedded'), passed: Type.Boolean() },
  orders: Type.Array(
    Type.Object({
      orderId: Type.String({ minLength: 1 }),
      traceId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
      traceUrl: Type.String({ minLength: 1 }),
      attempts: Type.Integer({ minimum: 1 }),
      ms: Type.Number({ minimum: 0 }),
    }),
  ),
  invariants: Type.Array(
    Type.Object({
      ...{ name: Type.String(), passed: Type.Boolean(), measured: Type.Number(), limit: Type.Number() },
      ...{ unit: Type.String(), why: Type.Union([Type.String({ minLength: 1 }), Type.Null()]) },
    }),
  ),
  faults: Type.Array(
    Type.Object({ kind: Type.String(), target: Type.String(), from: Type.Number(), to: Type.Number() }),
  ),
})

describe('the demo', () => {
  test(
    'fails the starting service, passes the finished one, and proves it by traces',
    async () => {
      // A seed that kills no service: a killed one takes the spans with it that it had not sent yet.
      const { code, stdout } = await workshop.run('demo', '--seed', '112', '--json')
      const both = JSON.parse(stdout)
      const [starting, finished] = [Value.Parse(Verdict, both.starting), Value.Parse(Verdict, both.finished)]

      expect(starting.passed).toBe(false)
      const doubled = starting.invariants.find(({ name }) => name === 'one order per key')
      expect(doubled).toMatchObject({ passed: false, limit: 6, why: expect.stringContaining('cooked') })
      expect(finished.invariants.filter(({ passed }) => !passed)).toEqual([])
      expect(finished.passed).toBe(true)
      expect(code).toBe(0)

      for (const verdict of [starting, finished]) {
        expect(verdict.orders).toHaveLength(6)
        expect(verdict.faults.map(({ kind }) => kind).sort()).toEqual(starting.faults.map(({ kind }) => kind).sort())
        for (const { from, to } of verdict.faults) expect(to).toBeGreaterThanOrEqual(from)
      }
      const retried = starting.orders.find(({ attempts }) => attempts > 1)!
      expectOneTrace(await spansOf(retried.traceUrl, retried.traceId), retried.attempts)
    },
    LONG,
  )
})

async function spansOf(traceUrl: string, traceId: string): Promise<Span[]> {
  const trace = await fetchTrace(new URL(traceUrl).origin, traceId)
  expect(trace).toBeDefined()
  return trace!.spans
}

/** One root, attempts as its children, and below a successful one: order, menu, loyalty and SQL. */
function expectOneTrace(spans: Span[], attempts: number): void {
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
  expect(roots.map(({ name, service }) => `${service}: ${name}`)).toEqual(['client: place order'])
  const siblings = spans.filter(
    ({ service, parentSpanId }) => service === 'client' && parentSpanId === roots[0]!.spanId,
  )
  expect(siblings).toHaveLength(attempts)
  expect(siblings.map(({ attributes }) => attributes.attempt).sort()).toEqual(
    Array.from({ length: attempts }, (_, index) => index + 1).sort(),
  )
  // As OpenTelemetry counts errors: by what happened, never by a sentence.
  for (const { status, attributes } of siblings)
    if (status === 'error') expect(attributes['error.type']).toMatch(/^(\d{3}|E[A-Z]+|UND_ERR_[A-Z_]+|TimeoutError)$/)
  const placed = siblings.find(({ status }) => status !== 'error')!
  const below = (id: string): Span[] =>
    spans.filter(({ parentSpanId }) => parentSpanId === id).flatMap((span) => [span, ...below(span.spanId)])
  const inside = below(placed.spanId)
  for (const service of ['order', 'menu', 'loyalty'])
    expect(
      inside.some((span) => span.service === service && span.kind === 'server'),
      service,
    ).toBe(true)
  expect(inside.some(({ attributes }) => 'db.system.name' in attributes || 'db.query.text' in attributes)).toBe(true)
}

test(
  'single passes for people: the answer, the evidence, the next action',
  async () => {
    const { code, stdout } = await workshop.run('battery', 'single', '--seed', '1')
    expect(stdout).toContain('✓ all 7 checks passed')
    expect(stdout).toMatch(/ look {4}http:\/\/127\.0\.0\.1:\d+\/trace\/[0-9a-f]{32}/)
    expect(stdout).toContain('again   pnpm workshop battery single --seed 1')
    expect(code).toBe(0)

    const trace = await workshop.run('trace')
    expect(trace).toMatchObject({ code: 0, stdout: expect.stringMatching(/POST \/orders, attempt 1[\s\S]*INSERT/) })
  },
  LONG,
)

describe('a file that cannot be an order service is told with its place, and the next command works', () => {
  test.each([
    ['a syntax error', 'export default {\n  nonsense here\n}\n', /place-order\.ts:2/],
    ['no default export', 'export const placeOrder = 1\n', /default/],
  ])(
    '%s',
    async (_, text, says) => {
      const file = join(files, 'place-order.ts')
      writeFileSync(file, text)
      const { code, stdout, stderr } = await workshop.run('battery', 'single', '--order', file)
      expect(stdout + stderr).toMatch(says)
      expect(stdout + stderr).not.toMatch(/\n\s+at |node:internal/)
      expect(code).toBe(2)
    },
    LONG,
  )

  test(
    'and the restaurant, which stays, has an order service that serves',
    async () => {
      const { services } = JSON.parse((await workshop.run('status', '--json')).stdout)
      expect(services).toContainEqual(expect.objectContaining({ name: 'order', state: 'running', ready: true }))
    },
    LONG,
  )
})

describe('a battery that is cut short leaves no fault behind', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGKILL', 'SIGKILL'],
  ] as const)(
    '%s',
    async (signal, expected) => {
      const battery = workshop.start('battery', 'complete', '--seed', '3')
      await battery.printed(/fault begins/)
      battery.child.kill(signal)
      expect((await battery.ended).code).toBe(expected)

      // Listing adopts the restaurant, and adopting heals it.
      expect(await workshop.run('chaos', 'list')).toMatchObject({ stdout: expect.stringContaining('No toxics') })
      const status = JSON.parse((await workshop.run('status', '--json')).stdout)
      expect(status.toxics).toBe(0)
      expect(status.services.map(({ state }: { state: string }) => state)).toEqual(status.services.map(() => 'running'))
    },
    LONG,
  )
})

test(
  'trouble by hand is put in place, listed and taken away',
  async () => {
    expect(await workshop.run('chaos', 'add', 'order-menu', 'slow-reply', '--ms', '300ms')).toMatchObject({ code: 0 })
    expect((await workshop.run('chaos', 'list')).stdout).toMatch(
      /order → menu +slow-reply-1 +latency, downstream +latency 300/,
    )
    expect(await workshop.run('chaos', 'remove', 'slow-reply-1')).toMatchObject({ code: 0 })
    expect((await workshop.run('chaos', 'list')).stdout).toContain('No toxics')
  },
  LONG,
)

test(
  'the doctor finds the machine, the restaurant and a trace in order',
  async () => {
    const { code, stdout } = await workshop.run('doctor', '--json')
    const { ok, checks } = JSON.parse(stdout)
    const names = ['Node', 'pnpm', 'memory', 'disk', 'clock', 'HTTP proxy', 'Docker', 'Compose', 'images', 'ports']
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining([...names, 'restaurant', 'traces']),
    )
    // A busy machine may have late timers, and that is for the doctor to say.
    const failed = checks.filter((check: { ok: boolean; name: string }) => !check.ok && check.name !== 'clock')
    expect(failed).toEqual([])
    expect([ok, code]).toEqual(ok ? [true, 0] : [false, 3])
  },
  LONG,
)

test(
  'when whoever reads the output goes away, a command ends without a word',
  async () => {
    const doctor = workshop.start('doctor')
    await doctor.printed(/Node/)
    doctor.child.stdout?.destroy()
    expect(await doctor.ended).toMatchObject({ code: 141, stderr: '' })
  },
  LONG,
)
