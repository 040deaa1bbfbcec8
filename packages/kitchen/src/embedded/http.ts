import { request } from 'node:http'

export interface Reply {
  status: number
  body: string
}

/**
 * One request on a connection of its own. The host uses node:http because `fetch` takes as long to load as a service
 * may take to restart.
 */
export function send(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const payload = options.body === undefined ? undefined : JSON.stringify(options.body)
  const headers = { ...options.headers, ...(payload !== undefined && { 'content-type': 'application/json' }) }
  const { signal } = options
  const outgoing = request(url, { method, headers, agent: false, ...(signal && { signal }) }, (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk) => {
      body += chunk
    })
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    response.on('error', reject)
  })
  outgoing.on('error', (error) => reject(signal?.aborted ? signal.reason : error))
  outgoing.end(payload)
  return promise
}

/** @throws Error with the status and the start of the body when the reply is not 2xx. */
export async function postJson(url: string, body: unknown, signal?: AbortSignal): Promise<string> {
  const reply = await send('POST', url, { ...(body !== undefined && { body }), ...(signal && { signal }) })
  if (reply.status >= 200 && reply.status < 300) return reply.body
  throw new Error(`POST ${url} answered ${reply.status}: ${reply.body.slice(0, 200)}`)
}

/** Removes a toxic through the Toxiproxy API; one that is gone is no error. */
export async function removeToxic(api: string, hop: string, toxic: string): Promise<void> {
  const path = `${encodeURIComponent(hop)}/toxics/${encodeURIComponent(toxic)}`
  const { status, body } = await send('DELETE', `${api}/proxies/${path}`)
  if (status !== 204 && status !== 404) throw new Error(`DELETE ${path} answered ${status}: ${body.slice(0, 200)}`)
}
