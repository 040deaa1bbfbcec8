import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Target } from '@chaos-kitchen/disruptor'
import { StageError } from '../../stage.ts'
import { toFailure } from './failure.ts'
import type { HostStatus } from './messages.ts'

export interface Control {
  token: string
  log: string
  status(): Promise<HostStatus>
  target(name: string): Target | undefined
  useOrderService(file: string): Promise<void>
  standBy(): Promise<void>
  reset(): Promise<void>
  /** Resolves once an order of this customer is committed. */
  untilSaved(customerId: string, signal: AbortSignal): Promise<void>
  /** Begins to take everything down. */
  down(): void
}

const ACTS = ['stop', 'kill', 'pause', 'resume', 'start', 'ready'] as const

/**
 * The host's API for the commands of this machine's user: GET /status, GET /targets/NAME, POST /targets/NAME/ACT,
 * POST /order-service, /stand-by, /reset and /down, GET /saved/CUSTOMER, which waits. Every request carries the token of stage.json.
 */
export function controlApi(control: Control): RequestListener {
  return (request, response) => {
    answer(control, request, response).then(
      (body) => reply(response, 200, body ?? {}),
      (error) => {
        if (!(error instanceof StageError)) console.error(error)
        reply(response, error instanceof NotFound ? 404 : 500, toFailure(error, control.log))
      },
    )
  }
}

async function answer(control: Control, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  if (!authorised(control.token, request.headers.authorization)) throw new NotFound('No such route')
  const [, first, name = '', act] = (request.url ?? '').split('/')
  const route = `${request.method} /${first}`
  if (route === 'GET /status') return control.status()
  if (route === 'POST /stand-by') return control.standBy()
  if (route === 'POST /reset') return control.reset()
  if (route === 'POST /down') return control.down()
  if (route === 'POST /order-service') return control.useOrderService(await fileOf(request))
  if (route === 'GET /saved') return control.untilSaved(name, goneSignal(response))
  const target = first === 'targets' ? control.target(name) : undefined
  if (target === undefined) throw new NotFound(`No such route: ${request.method} ${request.url}`)
  if (request.method === 'GET') return { state: await target.state() }
  const known = ACTS.find((each) => each === act)
  if (known === undefined) throw new NotFound(`A target cannot ${act}`)
  return known === 'ready' ? target.ready(goneSignal(response)) : target[known]()
}

async function fileOf(request: IncomingMessage): Promise<string> {
  // Loaded when it is needed: the schemas take longer to load than the host to start.
  const [{ Value }, { OrderServiceBody }] = await Promise.all([import('typebox/value'), import('./messages.ts')])
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Value.Parse(OrderServiceBody, JSON.parse(Buffer.concat(chunks).toString('utf8'))).file
}

/** Aborts when the caller gives up waiting. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return gone.signal
}

function authorised(token: string, header = ''): boolean {
  const given = Buffer.from(header)
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify(body))
}

class NotFound extends Error {}
