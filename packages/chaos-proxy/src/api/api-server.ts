import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ChaosProxyError } from '../errors.ts'
import type { Log } from '../log.ts'
import { readJson } from './body.ts'
import { match, type Reply, type Route } from './route.ts'

/** How the API is served. */
export interface ApiOptions {
  readonly host: string
  readonly port: number
  /** How long a client may take to send a request, in milliseconds. */
  readonly requestTimeout: number
  readonly log: Log
}

/** The HTTP side: bounded reading, routing, and errors as JSON. It knows nothing of proxies. */
export class ApiServer {
  readonly #routes: readonly Route[]
  readonly #log: Log
  readonly #server: Server

  private constructor(routes: readonly Route[], { requestTimeout, log }: ApiOptions) {
    this.#routes = routes
    this.#log = log
    this.#server = createServer({
      requestTimeout,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.min(1000, requestTimeout),
      maxHeaderSize: 16 * 1024,
      keepAliveTimeout: KEEP_ALIVE,
    })
    this.#server.on('request', (request, response) => void this.#serve(request, response))
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      this.#log({ level: 'warn', message: 'A request could not be read', error: error.message })
      if (socket.writable)
        socket.end(`HTTP/1.1 ${REFUSALS[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`)
      else socket.destroy()
    })
  }

  /** @throws the error of the operating system when the port can't be bound */
  static async start(routes: readonly Route[], options: ApiOptions): Promise<ApiServer> {
    const api = new ApiServer(routes, options)
    api.#server.listen({ host: options.host, port: options.port, exclusive: true })
    await once(api.#server, 'listening')
    api.#server.on('error', (error) => {
      options.log({ level: 'warn', message: 'A connection to the API could not be accepted', error: error.message })
    })
    return api
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address()
    return address === null || typeof address === 'string' ? 0 : address.port
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: Reply
    try {
      reply = await this.#answer(request, response)
    } catch (error) {
      reply = this.#refuse(error)
    }
    if (reply === undefined || response.destroyed) return
    send(response, reply)
    // Closing now would reset the connection and could cost the client its answer. What is left of the body is thrown
    // away instead, for as long as a request may take.
    if (!request.complete) request.resume()
  }

  #answer(request: IncomingMessage, response: ServerResponse): Reply | Promise<Reply> {
    // Not parsed as a URL: that would take a proxy named ".." for a way up.
    const [path = '', query] = (request.url ?? '').split('?', 2)
    const found = match(this.#routes, path)
    if (found === undefined) return { status: 404, body: '404 page not found\n', type: 'text/plain; charset=utf-8' }
    const handler = found.route.methods[request.method ?? '']
    if (handler === undefined) return { status: 405 }
    if (request.headers['user-agent']?.startsWith('Mozilla/'))
      return { status: 403, body: 'User agent not allowed\n', type: 'text/plain; charset=utf-8' }
    const body = () => readJson(request)
    return handler({ parameters: found.parameters, query: new URLSearchParams(query), request, response, body })
  }

  #refuse(error: unknown): Reply {
    if (error instanceof ChaosProxyError)
      return { status: error.status, body: { error: error.message, status: error.status } }
    this.#log({ level: 'warn', message: 'A request failed', error: String(error) })
    return { status: 500, body: { error: String(error), status: 500 } }
  }
}

/** As the original: clients that reuse a connection after a while find it open. */
const KEEP_ALIVE = 60_000

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

function send(response: ServerResponse, { status, body, type = 'application/json' }: NonNullable<Reply>): void {
  if (body === undefined) {
    response.writeHead(status).end()
    return
  }
  response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body))
}
