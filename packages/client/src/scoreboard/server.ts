import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Board } from './board.ts'
import { scoreboardPage } from './page.ts'
import { type RateLimit, rateLimit } from './rate-limit.ts'

const LARGEST_BODY = 1_024
const MOST_WATCHERS = 100
const HEARTBEAT = 15_000

const Pass = Type.Object({ name: Type.String({ maxLength: 200 }), exercise: Type.String({ maxLength: 64 }) })

export interface ScoreboardServer {
  readonly port: number
  close(): Promise<void>
}

export interface ScoreboardOptions {
  readonly board: Board
  readonly exercises: readonly string[]
  readonly host: string
  readonly port: number
  /** Told whenever somebody passed something for the first time. */
  readonly changed: (news: string) => void
  /** For each address; by default 20 at once and one every two seconds. */
  readonly limit?: RateLimit
}

/** `GET /` the page, `GET /events` what is new as it comes, `POST /passes` one more pass. Rejects when it can't listen. */
export async function serveScoreboard(options: ScoreboardOptions): Promise<ScoreboardServer> {
  const { limit = rateLimit({ burst: 20, perSecond: 0.5, addresses: 500 }) } = options
  const watchers = new Set<ServerResponse>()
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, response, { ...options, limit }, watchers).catch(() => response.destroy())
  })
  server.maxConnections = MOST_WATCHERS * 2
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve)
  })
  const heartbeat = setInterval(() => {
    for (const watcher of watchers) watcher.write(': still here\n\n')
  }, HEARTBEAT)
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      clearInterval(heartbeat)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ScoreboardOptions & { limit: RateLimit },
  watchers: Set<ServerResponse>,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://scoreboard').pathname
  if (request.method === 'GET' && path === '/') return page(response, options)
  if (request.method === 'GET' && path === '/events') return watch(response, watchers)
  if (request.method !== 'POST' || path !== '/passes') return send(response, 404, 'There is nothing here.')
  if (!options.limit.allows(request.socket.remoteAddress ?? '')) {
    response.setHeader('retry-after', '5')
    return send(response, 429, 'Too many at once.')
  }
  // A page of another site can not send this type without asking, and nobody answers its question.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return send(response, 415, 'JSON, please.')
  const pass = await readPass(request)
  if (pass === undefined) return send(response, 400, 'A pass is {"name", "exercise"}.')
  const recorded = options.board.record(pass.name, pass.exercise, Date.now())
  if (!recorded.accepted) return send(response, 422, recorded.problem)
  if (recorded.news) {
    const news = `${recorded.name} passed ${pass.exercise}`
    for (const watcher of watchers) watcher.write(`event: passed\ndata: ${JSON.stringify(news)}\n\n`)
    options.changed(news)
  }
  response.writeHead(204).end()
}

function page(response: ServerResponse, { board, exercises }: ScoreboardOptions): void {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' }
  response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' })
  response.end(scoreboardPage(board.people(), exercises))
}

function watch(response: ServerResponse, watchers: Set<ServerResponse>): void {
  if (watchers.size >= MOST_WATCHERS) {
    send(response, 503, 'Too many watch already.')
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('retry: 2000\n\n')
  watchers.add(response)
  response.once('close', () => watchers.delete(response))
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${text}\n`)
}

async function readPass(request: IncomingMessage): Promise<{ name: string; exercise: string } | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) return undefined
    chunks.push(chunk)
  }
  try {
    const json: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return Value.Check(Pass, json) ? json : undefined
  } catch {
    return undefined
  }
}
