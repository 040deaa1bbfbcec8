import type { Fault, Span, Trace } from '../../src/trace.ts'

export const TRACE_ID = '9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7'
export const START = Date.UTC(2026, 10, 26, 12, 0, 0)

type Part = Partial<Span> & { at: number; ms: number }

let next = 0

export function span({ at, ms, ...rest }: Part): Span {
  next++
  return {
    traceId: TRACE_ID,
    spanId: next.toString(16).padStart(16, '0'),
    service: 'order',
    name: 'work',
    kind: 'internal',
    start: START + at,
    duration: ms,
    status: 'unset',
    attributes: {},
    events: [],
    links: [],
    ...rest,
  }
}

const http = (method: string, path: string, code?: number) => ({
  'http.request.method': method,
  'url.path': path,
  ...(code === undefined ? {} : { 'http.response.status_code': code }),
})

/** A call as both sides see it: the client's span and the server's below it. */
function call(
  parent: Span,
  from: string,
  to: string,
  method: string,
  path: string,
  at: number,
  ms: number,
  code = 200,
) {
  const client = span({
    parentSpanId: parent.spanId,
    service: from,
    name: method,
    kind: 'client',
    at,
    ms,
    attributes: http(method, path, code),
  })
  const server = span({
    parentSpanId: client.spanId,
    service: to,
    name: `${method} ${path}`,
    kind: 'server',
    at: at + 1,
    ms: ms - 2,
    attributes: http(method, path, code),
  })
  return [client, server] as const
}

function query(parent: Span, service: string, text: string, at: number, ms: number): Span {
  return span({
    parentSpanId: parent.spanId,
    service,
    name: `pg.query:${text.split(' ')[0]}`,
    kind: 'client',
    at,
    ms,
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': text, 'db.namespace': service },
  })
}

function attempt(root: Span, number: number, at: number, ms: number, end: Partial<Span>): Span {
  return span({
    parentSpanId: root.spanId,
    service: 'client',
    name: 'POST /orders',
    kind: 'client',
    at,
    ms,
    ...end,
    attributes: { attempt: number, ...http('POST', '/orders'), ...end.attributes },
  })
}

function serve(parent: Span, at: number): Span[] {
  const server = span({
    parentSpanId: parent.spanId,
    name: 'POST /orders',
    kind: 'server',
    at,
    ms: 410,
    attributes: http('POST', '/orders', 201),
    events: [
      {
        time: START + at + 120,
        name: 'resilience.retry',
        attributes: { 'pipeline.name': 'menu', delay: 50, reason: 'connection reset' },
      },
    ],
  })
  const [menuCall, menu] = call(server, 'order', 'menu', 'GET', '/items/burger', at + 20, 34)
  const [discountCall, discount] = call(
    server,
    'order',
    'loyalty',
    'GET',
    '/customers/3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b/discount',
    at + 60,
    120,
  )
  return [
    server,
    menuCall,
    menu,
    query(menu, 'menu', 'SELECT id, name, price FROM items WHERE id = $1', at + 26, 12),
    discountCall,
    discount,
    query(discount, 'loyalty', 'SELECT count(*) FROM recordings WHERE customer_id = $1', at + 70, 96),
    query(server, 'order', 'INSERT INTO orders (id, customer_id) VALUES ($1, $2)', at + 200, 22),
    query(server, 'order', 'INSERT INTO order_items (order_id, item) VALUES ($1, $2)', at + 230, 9),
  ]
}

/** Order 2 of a battery: its first reply is lost after the work, its second attempt succeeds. */
export function sampleTrace(): Trace {
  next = 0
  const root = span({ service: 'client', name: 'place order', at: 0, ms: 2_940, attributes: { 'order.number': 2 } })
  const lost = attempt(root, 1, 2, 1_000, {
    status: 'error',
    statusMessage: 'other side closed',
    attributes: { 'error.type': 'UND_ERR_SOCKET' },
  })
  const second = attempt(root, 2, 1_130, 1_800, { attributes: { 'http.response.status_code': 201 } })
  const spans = [root, lost, ...serve(lost, 10), second, ...serve(second, 1_900)]
  return { traceId: TRACE_ID, spans, faults: sampleFaults() }
}

export function sampleFaults(): Fault[] {
  return [
    {
      id: 'f1',
      kind: 'reply-lost',
      target: 'client-order',
      from: START - 200,
      to: START + 1_010,
      label: 'reply lost, order → client',
    },
    {
      id: 'f2',
      kind: 'latency',
      target: 'client-order',
      from: START + 1_100,
      to: START + 1_900,
      label: 'latency 700 ms',
    },
  ]
}
