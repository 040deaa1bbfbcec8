import { getEventListeners, once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { Agent, RetryAgent, type RetryHandler, request } from 'undici'
import { cancelled, errorOf, isSettled, type Peer, plural, REASON, wait } from './hazard.ts'

export const undici: Peer = {
  name: 'undici',
  results: {
    backoff: () =>
      withServer(unavailable(), { minTimeout: 100 }, async (url, dispatcher, requests) => {
        const abort = new AbortController()
        const call = request(url, { dispatcher, signal: abort.signal })
        while (requests.length === 0) await wait(1)
        await wait(20)
        abort.abort(REASON)
        const early = await isSettled(call, 30)
        await wait(200)
        return `${early ? 'ends at once' : 'waits on'}, ${plural(requests.length, 'call')}`
      }),
    before: () =>
      withServer(ok, {}, async (url, dispatcher, requests) => {
        await errorOf(request(url, { dispatcher, signal: AbortSignal.abort(REASON) }))
        await wait(20)
        return plural(requests.length, 'call')
      }),
    shared: () =>
      withServer(
        () => {},
        {},
        async (url, dispatcher) => {
          const abort = new AbortController()
          const calls = Array.from({ length: 1_000 }, () => errorOf(request(url, { dispatcher, signal: abort.signal })))
          await wait(20)
          const listeners = getEventListeners(abort.signal, 'abort').length
          abort.abort(REASON)
          await Promise.all(calls)
          return plural(listeners, 'listener')
        },
      ),
    cancel: () =>
      withServer(
        () => {},
        {},
        async (url, dispatcher, requests) => {
          const abort = new AbortController()
          const call = errorOf(request(url, { dispatcher, signal: abort.signal }))
          while (requests.length === 0) await wait(1)
          abort.abort(REASON)
          return cancelled(await call)
        },
      ),
    tooLong: () =>
      withServer(
        unavailable(() => '2'),
        { maxTimeout: 200, maxRetries: 1 },
        async (url, dispatcher, requests) => {
          await errorOf(request(url, { dispatcher }))
          const [first = 0, second] = requests
          if (second === undefined) return 'gives up'
          return second - first < 1_900 ? 'calls again too early' : 'calls again in time'
        },
      ),
    date: () => {
      const twoSecondsAhead = () => new Date(Date.now() + 2_000).toUTCString()
      return withServer(unavailable(twoSecondsAhead), { maxRetries: 1 }, async (url, dispatcher, requests) => {
        await errorOf(request(url, { dispatcher }))
        const [first = 0, second = 0] = requests
        return second - first > 900 ? 'read' : 'ignored'
      })
    },
  },
}

const ok: RequestListener = (_request, response) => {
  response.end('ok')
}

function unavailable(retryAfter?: () => string): RequestListener {
  return (_request, response) => {
    response.writeHead(503, retryAfter === undefined ? {} : { 'retry-after': retryAfter() }).end()
  }
}

/** Runs it against a server of its own. @param use gets the times of the requests, in milliseconds, as they come */
async function withServer(
  handle: RequestListener,
  retryOptions: RetryHandler.RetryOptions,
  use: (url: string, dispatcher: RetryAgent, requests: number[]) => Promise<string>,
): Promise<string> {
  const requests: number[] = []
  const server = createServer((incoming, response) => {
    requests.push(performance.now())
    handle(incoming, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  const agent = new RetryAgent(new Agent({ connections: 1 }), retryOptions)
  try {
    return await use(`http://127.0.0.1:${address.port}/`, agent, requests)
  } finally {
    await agent.destroy()
    server.closeAllConnections()
    server.close()
  }
}
