import { expect, test } from 'vitest'
import { tracePage } from '../../src/page/trace-page.ts'
import { MAX_ROWS } from '../../src/page/waterfall-section.ts'
import { span, TRACE_ID } from '../support/sample-trace.ts'

test('five thousand spans: the first and the last are shown, the rest is counted', () => {
  const root = span({ name: 'place order', at: 0, ms: 5_000 })
  const spans = Array.from({ length: 4_999 }, (_, index) =>
    span({ name: `step ${index}`, parentSpanId: root.spanId, at: index, ms: 1 }),
  )
  const page = tracePage({ traceId: TRACE_ID, spans: [root, ...spans], faults: [] }, [])
  expect(page.match(/class="row"/g)).toHaveLength(MAX_ROWS)
  expect(page).toContain(`${5_000 - MAX_ROWS} spans cut here`)
  expect(page).toContain('step 4998')
  expect(page).not.toContain('step 2500')
  expect(page.length).toBeLessThan(3_000_000)
})

test('hundreds of faults at once: some are drawn, the others counted', () => {
  const item = span({ at: 0, ms: 100 })
  const faults = Array.from({ length: 300 }, (_, index) => ({
    ...{ id: `f${index}`, kind: 'latency', target: 'order-menu', label: `latency ${index}` },
    ...{ from: item.start, to: item.start + 50 },
  }))
  const page = tracePage({ traceId: TRACE_ID, spans: [item], faults }, [])
  expect(page.match(/class="fault"/g)).toHaveLength(12)
  expect(page).toContain('288 faults more at that time')
})

test('a trace without length or end is drawn all the same', () => {
  const instant = span({ at: 0, ms: 0 })
  const fault = { id: 'f', kind: 'stop', target: 'menu', from: instant.start, label: 'menu stopped' }
  const page = tracePage({ traceId: TRACE_ID, spans: [instant], faults: [fault] }, [])
  expect(page.split('<script>')[0]).not.toMatch(/NaN|Infinity|undefined/)
  expect(page).toContain('lasting')
})
