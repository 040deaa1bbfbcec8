import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface TestServer {
  origin: string
  requests: SeenRequest[]
  sockets: Set<Socket>
}

export interface SeenRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
  at: number
  /** Settles when the connection of the request is gone or the reply is out. */
  closed: Promise<'finished' | 'cut'>
}

export type Answer = (response: ServerResponse, request: SeenRequest, index: number) => unknown

/** A real server on a free port, for one test. */
export async function startServer(answer: Answer): Promise<TestServer> {
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const at = performance.now()
    const closed = new Promise<'finished' | 'cut'>((resolve) =>
      response.once('close', () => resolve(response.writableFinished ? 'finished' : 'cut')),
    )
    let body = ''
    for await (const chunk of request) body += chunk
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body, at, closed }
    requests.push(seen)
    await answer(response, seen, requests.length - 1)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { origin: `http://127.0.0.1:${port}`, requests, sockets }
}

/** Answers with these in turn; the last one again and again. */
export function inTurn(...answers: Answer[]): Answer {
  return (response, request, index) => answers[Math.min(index, answers.length - 1)]?.(response, request, index)
}

export function status(code: number, headers: Record<string, string> = {}, body = `body of ${code}`): Answer {
  return (response) => response.writeHead(code, headers).end(body)
}

/** Cuts the connection without a reply. */
export const reset: Answer = (response) => response.socket?.destroy()

/** Never answers. */
export const silence: Answer = () => {}
